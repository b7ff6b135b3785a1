// A form is sent once: a second tap on a phone would join a second time under the same name.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("again" in form.dataset) return; // it is answered with a file, and the page stays
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// The browser shows a page from its memory when somebody goes back; its forms may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Buttons that copy the field they name: <button data-copy="id" data-copied="Copied">.
for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.querySelector("span");
  const usual = words.textContent;
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(document.getElementById(button.dataset.copy));
    words.textContent = button.dataset.copied;
    tell(button.dataset.copied);
    clearTimeout(timer);
    timer = setTimeout(() => (words.textContent = usual), 2500);
  });
}

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without https there is no clipboard object; what is selected can still be copied.
    field.select();
    document.execCommand("copy");
  }
}

function tell(words) {
  let status = document.getElementById("copy-status");
  if (!status) {
    status = document.createElement("p");
    status.id = "copy-status";
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    document.body.append(status);
  }
  status.textContent = "";
  setTimeout(() => (status.textContent = words), 50);
}
