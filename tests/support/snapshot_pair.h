/*
 * The same documents twice: in one segment and in several, opened. For tests
 * of what must not depend on where documents stand.
 */
#ifndef PARASOL_TESTS_SUPPORT_SNAPSHOT_PAIR_H
#define PARASOL_TESTS_SUPPORT_SNAPSHOT_PAIR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <parasol/indexer.h>

#include "searcher/view/snapshot.h"
#include "tests/support/scratch.h"

#define SNAPSHOT_PAIR_PART 70u /* documents in each of the several */

typedef struct snapshot_pair {
    scratch dir; /* with the folders "one" and "many" */
    ps_snapshot one, many;
} snapshot_pair;

/* Writes the text of document `i` to `out` of `room` bytes; its length. */
typedef size_t snapshot_pair_text(void *user, unsigned i, char *out,
                                  size_t room);

static inline void snapshot_pair_write(const char *path, unsigned documents,
                                       uint64_t segment_docs,
                                       snapshot_pair_text *text, void *user)
{
    static char bytes[32768];
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    char id[16];
    o.segment_docs = segment_docs;
    assert_int_equal(parasol_indexer_open(&w, path, &o, NULL), 0);
    for (unsigned i = 0; i < documents; i++) {
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "x%u", i);
        doc.id = id;
        doc.text = bytes;
        doc.text_len = text(user, i, bytes, sizeof bytes);
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), 0);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), 0);
    parasol_indexer_close(w);
}

/* Makes and opens both. `text` has to give the same in both passes. */
static inline void snapshot_pair_open(snapshot_pair *p, unsigned documents,
                                      snapshot_pair_text *text, void *user)
{
    scratch_make(&p->dir);
    snapshot_pair_write(scratch_path(&p->dir, "one"), documents, 0, text, user);
    snapshot_pair_write(scratch_path(&p->dir, "many"), documents,
                        SNAPSHOT_PAIR_PART, text, user);
    assert_int_equal(
        ps_snapshot_open(&p->one, scratch_path(&p->dir, "one"), NULL, NULL), 0);
    assert_int_equal(
        ps_snapshot_open(&p->many, scratch_path(&p->dir, "many"), NULL, NULL),
        0);
    assert_int_equal(p->one.n_segs, 1);
    assert_true(p->many.n_segs > 1);
}

static inline void snapshot_pair_close(snapshot_pair *p)
{
    ps_snapshot_release(&p->one);
    ps_snapshot_release(&p->many);
    scratch_remove(&p->dir);
}

#endif
