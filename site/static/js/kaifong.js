// Starts the small modules. Everything on the page works without them.
import { startMenu } from "./menu.js";
import { startCounts } from "./count.js";
import { startFocus } from "./focus.js";
import { startForms } from "./forms.js";
import { startLanguages } from "./languages.js";
import { startCompletion } from "./complete.js";

for (const start of [startMenu, startCounts, startFocus, startForms, startLanguages, startCompletion]) {
  try {
    start();
  } catch (error) {
    console.error(error); // one broken module must not stop the others
  }
}
