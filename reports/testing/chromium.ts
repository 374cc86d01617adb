/** Finds and starts the Chromium that browser tests look at reports with. */
import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @throws when there is no browser, with the command that installs one. */
export async function launchChromium(): Promise<Browser> {
  const chosen = process.env.CHROMIUM_PATH;
  const executablePath = [...(chosen === undefined ? [] : [chosen]), ...PLACES].find(existsSync);
  if (executablePath === undefined) {
    throw new Error(
      `no Chromium at CHROMIUM_PATH (${chosen ?? 'not set'}), ${PLACES.join(', ')}: ` +
        'install one (apt-get install chromium) or set CHROMIUM_PATH to its executable',
    );
  }
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-dev-shm-usage',
    ],
  });
}
