// The page works without any of this; every module adds one comfort and finds its own elements.

import "./combo.js";
import "./shortcuts.js";
import "./menus.js";
import "./copy.js";
import "./drafts.js";
import "./forms.js";
import "./dialog.js";
import "./exchange.js";
import { announceStatus, focusProblem } from "./live.js";

document.documentElement.dataset.js = "";
focusProblem(document);
announceStatus(document);
