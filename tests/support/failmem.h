/*
 * An allocator that counts what is live and fails when told to: at the n-th
 * request once, or at the n-th and at all after it. Header only.
 */
#ifndef PARASOL_TESTS_SUPPORT_FAILMEM_H
#define PARASOL_TESTS_SUPPORT_FAILMEM_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include <parasol/alloc.h>

typedef struct failmem {
    atomic_ullong requests; /* made so far */
    atomic_llong live;      /* blocks not yet released */
    uint64_t fail_at;       /* the request that fails, from 1; 0: none */
    int for_ever;           /* and all that follow it */
    atomic_int failed;      /* whether one has failed */
} failmem;

static inline void *failmem_resize(void *ptr, size_t size, void *user)
{
    failmem *f = user;
    unsigned long long n = atomic_fetch_add(&f->requests, 1) + 1;
    if (f->fail_at && (n == f->fail_at || (f->for_ever && n > f->fail_at))) {
        atomic_store(&f->failed, 1);
        return NULL;
    }
    void *block = realloc(ptr, size);
    if (block && !ptr)
        atomic_fetch_add(&f->live, 1);
    return block;
}

static inline void failmem_release(void *ptr, void *user)
{
    failmem *f = user;
    if (ptr)
        atomic_fetch_sub(&f->live, 1);
    free(ptr);
}

static inline parasol_allocator failmem_allocator(failmem *f)
{
    return (parasol_allocator){failmem_resize, failmem_release, f};
}

/* Ready for a run whose n-th request fails. */
static inline void failmem_start(failmem *f, uint64_t n, int for_ever)
{
    atomic_store(&f->requests, 0);
    atomic_store(&f->live, 0);
    atomic_store(&f->failed, 0);
    f->fail_at = n;
    f->for_ever = for_ever;
}

#endif
