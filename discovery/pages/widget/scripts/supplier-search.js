// The module that pages import: defines <supplier-search>, once.

import { SupplierSearch } from "./element.js";

export const widget = "supplier-search";

if (!customElements.get(widget)) customElements.define(widget, SupplierSearch);
