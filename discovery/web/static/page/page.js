// What a page does once it is there. Every page is complete without: each feature finds what it needs, or does nothing.

import { startForms } from "./forms.js";
import { startSwapping } from "./swap.js";

startSwapping();
startForms();
