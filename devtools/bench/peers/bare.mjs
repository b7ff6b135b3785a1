// The bare peer on Node: Socket.IO 4 and SQLite. It stores a row, answers, and sends the row to the room: no rules, no
// roles, no journal. Settings: PORT, DATABASE (a file), SYNCHRONOUS (SQLite's).
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { Server } from "socket.io";

const database = new DatabaseSync(process.env.DATABASE);
database.exec("PRAGMA journal_mode = WAL");
database.exec(`PRAGMA synchronous = ${process.env.SYNCHRONOUS}`);
database.exec("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, room TEXT, name TEXT, text TEXT)");
const insert = database.prepare("INSERT INTO rows (room, name, text) VALUES (?, ?, ?)");

const http = createServer();
const io = new Server(http, { serveClient: false });

io.on("connection", (socket) => {
  const { room } = socket.handshake.query;
  socket.join(room);
  socket.emit("snapshot", { version: 0, now: Date.now(), items: {} });
  socket.on("command", ({ name, data }, answer) => {
    const version = Number(insert.run(room, name, data.text).lastInsertRowid);
    const id = String(version);
    const item = { id, kind: name, parent: null, place: version, text: data.text, data: {} };
    answer({ ok: true, version, item: id });
    io.to(room).emit("patch", { version, now: Date.now(), items: { [id]: item } });
  });
});

process.on("SIGTERM", () => process.exit(0));
http.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
