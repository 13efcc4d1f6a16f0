/**
 * Imported before Prisma, which with DEBUG in the environment prints the database's URL, password and all. It takes this variable for its own
 * switch, reads it when it is loaded, and looks at the environment only where there is none.
 */
Reflect.set(globalThis, 'DEBUG', '');
