/*
 * Budgets. The shares were measured: the peak of the process stays within a
 * fifth of what was asked for, from 32 MiB on, unless documents are so many
 * that what is kept of each takes more than its part (docs/architecture.md,
 * "What is not done?").
 */
#include "indexer/budget.h"

#include <unistd.h>

#include "common/os/pool.h"

#define MEMORY_MAX ((uint64_t)1 << 30)

/* What the program has before it has read anything. */
#define FIXED ((uint64_t)10 << 20)

/* Of each thread: its stack, what it extracts with, a list being written. */
#define PER_JOB ((uint64_t)3 << 20)

#define BATCH_MIN ((uint64_t)64 << 10)
#define BATCH_MAX ((uint64_t)1 << 20)
#define SPOOL_MIN ((uint64_t)64 << 10)
#define SPOOL_MAX ((uint64_t)8 << 20)
#define VALUES_MIN ((uint64_t)16 << 10)
#define VALUES_MAX ((uint64_t)64 << 20)
#define SHARE_MIN ((uint64_t)256 << 10)
#define LEAST_SHARE 8u

/* Spools that are full at the same time, and copies of a batch: its input, its
   text, what is stored of it. */
#define SPOOLS 12u
#define COPIES 3u

/* Copies of a large document: read, decoded, extracted, repaired, stored, and
   its occurrences. */
#define DOCUMENT_COPIES 5u

static uint64_t default_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t quarter = MEMORY_MAX;
    if (pages > 0 && size > 0)
        quarter = (uint64_t)pages * (uint64_t)size / 4;
    return quarter < MEMORY_MAX ? quarter : MEMORY_MAX;
}

static uint64_t between(uint64_t v, uint64_t least, uint64_t most)
{
    return v < least ? least : v > most ? most : v;
}

void pi_budget_make(pi_budget *b, uint64_t memory, unsigned jobs)
{
    *b = (pi_budget){.memory = memory ? memory : default_memory(),
                     .jobs = jobs ? jobs : pc_processors()};
    b->batches = b->jobs > 1 ? 2 * b->jobs + 1 : 1;
    b->batch = (size_t)between(b->memory / (32 * (uint64_t)b->batches),
                               BATCH_MIN, BATCH_MAX);
    b->spool = (size_t)between(b->memory / 128, SPOOL_MIN, SPOOL_MAX);
    b->values = (size_t)between(b->memory / 16, VALUES_MIN, VALUES_MAX);
    uint64_t taken = FIXED + PER_JOB * b->jobs +
                     (uint64_t)b->batches * b->batch * COPIES +
                     (uint64_t)b->spool * SPOOLS;
    b->left = taken < b->memory ? b->memory - taken : 0;
}

size_t pi_budget_share(const pi_budget *b, uint64_t held)
{
    uint64_t least = b->left / LEAST_SHARE;
    uint64_t left = held < b->left - least ? b->left - held : least;
    uint64_t share = left / b->jobs;
    return (size_t)(share < SHARE_MIN ? SHARE_MIN : share);
}

uint64_t pi_budget_document(const pi_budget *b)
{
    uint64_t fits =
        b->memory > FIXED ? (b->memory - FIXED) / DOCUMENT_COPIES : 0;
    return fits < BATCH_MAX ? BATCH_MAX : fits;
}

uint64_t pi_budget_needed(const pi_budget *b, uint64_t bytes)
{
    PC_UNUSED(b);
    return FIXED + bytes * DOCUMENT_COPIES;
}
