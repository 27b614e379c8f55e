// What a page does once it is there. Every page is complete without: each feature finds what it needs, or does nothing.

import { startFacets } from "./facets.js";
import { startForms } from "./forms.js";
import { startMap } from "./map-start.js";
import { startPopovers } from "./popover.js";
import { startRadius } from "./radius.js";
import { startShortlist } from "./shortlist.js";
import { startSuggesting } from "./suggest.js";
import { startSwapping } from "./swap.js";

startSwapping();
startForms();
startMap();
startShortlist();
startSuggesting();
startPopovers();
startRadius();
startFacets();
