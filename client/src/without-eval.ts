// zod compiles schemas with `new Function` unless told not to, and even its probe for that breaks the page's
// content security policy. A schema looks when it is made, so this module is imported before any that makes one.
import { z } from 'zod';

z.config({ jitless: true });
