// Loaded before every test file by test/run.ts: tests that import uvu get test/harness/watched-uvu.ts.
import { register } from 'node:module';

register('./resolve.js', import.meta.url);
