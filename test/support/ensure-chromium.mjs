// Runs before the tests: the tests of the live page need a real browser.
import { installDebianPackage } from './debian-package.mjs';
import { findChromium } from './find-chromium.mjs';

if (!findChromium() && !process.env.CHROMIUM_PATH)
  installDebianPackage(
    'chromium',
    'the tests of the live page use a real browser and none is on PATH',
  );
if (!findChromium())
  console.error(
    'There is no Chromium or Chrome on PATH, so test/e2e/live will fail. Install one, such as:\n  sudo apt-get install -y chromium\nor name its program in CHROMIUM_PATH.',
  );
