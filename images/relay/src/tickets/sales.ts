/** The sales of one process, as far as others that run beside them cannot yet find them in the database. */
export interface Sales {
  /**
   * Begins to look at a mailbox, before the database is asked.
   * @param mailbox its key hash in hexadecimal
   * @returns tells how many tickets for it were sold since then or are being sold, of which the database may show none
   */
  look(mailbox: string): () => number;
  /** Makes a sale for it that others count from now on, unless it fails. */
  make<Outcome>(mailbox: string, sale: () => Promise<Outcome>): Promise<Outcome>;
}

interface Counted {
  begun: number;
  made: number;
}

/** Makes it. Two numbers are kept for each mailbox that had a sale: members alone have one. */
export function createSales(): Sales {
  const counts = new Map<string, Counted>();

  function countOf(mailbox: string): Counted {
    const count = counts.get(mailbox) ?? { begun: 0, made: 0 };
    counts.set(mailbox, count);
    return count;
  }

  return {
    look: (mailbox) => {
      const made = counts.get(mailbox)?.made ?? 0;
      return () => (counts.get(mailbox)?.begun ?? 0) - made;
    },
    make: async (mailbox, sale) => {
      const count = countOf(mailbox);
      count.begun++;
      try {
        const outcome = await sale();
        count.made++;
        return outcome;
      } catch (error) {
        count.begun--;
        throw error;
      }
    },
  };
}
