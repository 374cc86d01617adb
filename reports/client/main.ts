/**
 * The browser side of a report. Everything here is optional: the page was complete before it ran.
 * It wires the controls that the document already contains, and shows them.
 */
import { copyButtons } from './copy.ts';
import { deepLinks } from './links.ts';
import { printDetails } from './print.ts';
import { tableButtons } from './table-buttons.ts';
import { themeButtons } from './theme.ts';
import { tooltips } from './tooltips.ts';
import { variantButtons } from './variants.ts';

themeButtons();
const variants = variantButtons();
tableButtons();
copyButtons();
tooltips();
printDetails();
deepLinks(variants);
for (const bar of document.querySelectorAll<HTMLElement>('.controls')) bar.hidden = false;
