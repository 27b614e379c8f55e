// What a page does once it is there. Every page is complete without: each feature finds what it needs, or does nothing.

import { startFacets } from "./facets.js";
import { startForms } from "./forms.js";
import { startLocating } from "./locate.js";
import { startLongTexts } from "./long.js";
import { startMap } from "./map-start.js";
import { startPopovers } from "./popover.js";
import { startRadius } from "./radius.js";
import { startShortlist } from "./shortlist.js";
import { startSuggesting } from "./suggest.js";
import { goTo, startSwapping } from "./swap.js";
import { startTroubles } from "./trouble.js";
import { startWaiting } from "./waiting.js";

startTroubles();
startSwapping();
startForms();
startWaiting();
startLocating(goTo);
startLongTexts();
startMap();
startShortlist();
startSuggesting();
startPopovers();
startRadius();
startFacets();
