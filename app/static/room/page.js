// What the server wrote into the page: the method, the addresses, the translated sentences.

const element = document.getElementById("room-data");

export const page = JSON.parse(element.textContent);
