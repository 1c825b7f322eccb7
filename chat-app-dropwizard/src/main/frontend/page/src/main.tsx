import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { applyLanguage } from "./i18n/language.js";
import { Session } from "./session/session.js";
import { onDeviceSetting } from "./session/traces.js";
import { applyTheme } from "./theme/theme.js";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("The page has no root.");
}
applyTheme();
const session = new Session(new URL(import.meta.env.BASE_URL, location.href).href);
const spoken = applyLanguage().catch(() => undefined); // then the page is in English
void session.start();
await spoken; // so that no text is shown that changes at once
onDeviceSetting((name) => {
  if (name === "theme") {
    applyTheme();
  } else {
    applyLanguage().catch(() => undefined);
  }
});
createRoot(root).render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);
