import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { _ } from "room/i18n.js";
import { Dialog } from "room/views/dialog.js";
import { Icon } from "room/views/icons.js";

/** The link that brings a seat to another device, to copy or to scan. `link`: {link, qr: data-URI, minutes}. */
export function PersonalLink({ person, isMe, link, onClose }) {
  const title = isMe ? _("Your seat on another device") : _("A link for %(name)s", { name: person.name });
  const limit = _("It works once, within %(minutes)s minutes.", { minutes: link.minutes });
  return html`<${Dialog} title=${title} onClose=${onClose} small>
    <p>
      ${isMe
        ? _("Scan this with your phone, or open the link there.")
        : _("Send this to nobody else: whoever opens it sits in their seat.")}
    </p>
    <img class="seat-qr" src=${link.qr} alt=${_("QR code of the link")} width="220" height="220" />
    <${Copy} text=${link.link} />
    <p class="hint">${limit}</p>
  <//>`;
}

function Copy({ text }) {
  const field = useRef(null);
  const [done, setDone] = useState(false);
  const copy = async () => {
    field.current.select();
    setDone(await toClipboard(text));
  };
  return html`<div class="row is-tight">
    <input ref=${field} readonly value=${text} aria-label=${_("Link")} onFocus=${(event) => event.target.select()} />
    <button type="button" class="button" onClick=${copy}><${Icon}
        name=${done ? "check" : "copy"} />${done ? _("Copied") : _("Copy")}</button>
  </div>`;
}

/** Only pages with https have the clipboard; elsewhere the selected text is copied the old way. */
async function toClipboard(text) {
  if (!navigator.clipboard) return document.execCommand("copy");
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => document.execCommand("copy"),
  );
}
