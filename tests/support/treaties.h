/*
 * A small index with every section that documents of a program have: words in
 * many documents and in one, several forms of a word, positions, values of both
 * sorts, ids that do not ascend, stored text.
 */
#ifndef PARASOL_TESTS_SUPPORT_TREATIES_H
#define PARASOL_TESTS_SUPPORT_TREATIES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <parasol/indexer.h>

enum { TREATIES = 150 }; /* documents */

static inline void treaties_build(const char *path)
{
    parasol_indexer *w = NULL;
    assert_int_equal(parasol_indexer_open(&w, path, NULL, NULL), PARASOL_OK);
    for (unsigned i = 0; i < TREATIES; i++) {
        char id[32], text[300], pages[8];
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "doc%u", i * 37 % TREATIES);
        (void)snprintf(pages, sizeof pages, "%u", i);
        doc.text_len = (size_t)snprintf(
            text, sizeof text, "treaty number%u of the harbour, word%u %s", i,
            i * 7, i % 3 ? "an armed attack" : "no attacks, armed or not");
        parasol_meta meta[] = {{"kind", i % 2 ? "odd" : "even"},
                               {"pages", pages}};
        doc.id = id;
        doc.title = "A title";
        doc.text = text;
        doc.meta = meta;
        doc.meta_count = 2;
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
}

#endif
