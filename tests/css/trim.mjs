// Makes static/vendor/tabler/tabler.css of tabler.min.css: the rules that our pages can use. Ours use a twelfth of it, and every
// first visit would carry the rest. When a test says that a class is missing:
//
//   cd tests/css && npm ci && node trim.mjs
import { PurgeCSS } from 'purgecss';
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const [{ css }] = await new PurgeCSS().purge({
  css: [`${root}/tests/css/tabler.min.css`],
  content: [`${root}/templates/**/*.html`, `${root}/src/**/*.rs`, `${root}/static/**/*.js`],
  dynamicAttributes: ['data-bs-theme', 'open', 'aria-invalid', 'hidden', 'disabled', 'type', 'multiple', 'size'],
  defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
});
writeFileSync(`${root}/static/vendor/tabler/tabler.css`, css);
console.log(`${readFileSync(`${root}/tests/css/tabler.min.css`).length} -> ${css.length} bytes`);
