// Vitest's set-up of each test file: what `maxLength` and `maxKeys` say is what properties reach. Unless told,
// fast-check stops at some ten elements, and larger bounds say nothing.
import fc from 'fast-check';

fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
