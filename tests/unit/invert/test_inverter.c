/* The inverter: from texts to a segment whose every number is counted by
   hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/norm.h"
#include "common/segment/seg.h"
#include "indexer/invert/inverter.h"
#include "indexer/write/store_writer.h"
#include "tests/support/scratch.h"

typedef struct doc {
    const char *title, *text;
} doc;

typedef struct place {
    scratch dir;
    pc_seg *seg;
} place;

/* A segment of these documents, through a temporary file or not. */
static void open_place(place *p, const doc *docs, size_t n, bool spill)
{
    pc_analyzer *a = NULL;
    pi_inverter v;
    pi_store_writer store;
    pi_out *o = NULL;
    const char *path;
    scratch_make(&p->dir);
    path = scratch_path(&p->dir, "s");
    assert_int_equal(pc_analyzer_open(&a, "english", NULL, NULL), PARASOL_OK);
    assert_int_equal(pi_inverter_init(&v, a, NULL), PARASOL_OK);
    v.keep_docs = true;
    pi_store_writer_init(&store, p->dir.dir, 0, NULL);
    for (size_t i = 0; i < n; i++) {
        pc_field fields[] = {{PC_STR_LIT("path"), PC_STR_LIT("p")},
                             {PC_STR_LIT("title"), pc_str_of(docs[i].title)},
                             {PC_STR_LIT("date"), PC_STR_LIT("")}};
        pi_stored_doc stored = {fields, 3, pc_str_of(docs[i].text)};
        assert_int_equal(pi_inverter_add(&v, pc_analyzer_language(a),
                                         pc_str_of(docs[i].title),
                                         pc_str_of(docs[i].text), NULL),
                         PARASOL_OK);
        assert_int_equal(pi_store_add(&store, &stored), PARASOL_OK);
    }
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, NULL),
                     PARASOL_OK);
    assert_int_equal(pi_inverter_flush(&v, o, p->dir.dir, spill, NULL),
                     PARASOL_OK);
    assert_int_equal(pi_store_finish(&store, o, NULL), PARASOL_OK);
    assert_int_equal(pi_out_finish(o, NULL, NULL, NULL), PARASOL_OK);
    pi_store_writer_release(&store);
    pi_inverter_release(&v);
    pc_analyzer_free(a);
    assert_int_equal(pc_seg_open(&p->seg, path, NULL, NULL), PARASOL_OK);
}

static void close_place(place *p)
{
    pc_seg_close(p->seg);
    scratch_remove(&p->dir);
}

static bool find(const place *p, uint8_t field, const char *word, pc_entry *e)
{
    pc_key key;
    bool found = false;
    assert_true(pc_key_make(&key, field, pc_str_of(word)));
    assert_int_equal(
        pc_dict_find(&p->seg->dict, pc_key_str(&key), &found, e, NULL), 0);
    return found;
}

/* The list of a stem as text: "doc:pos.variant,pos.variant doc:..." */
static const char *list_of(const place *p, uint8_t field, const char *word)
{
    static char out[1024];
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM], pos[64];
    pc_entry e;
    pc_list l;
    pc_pos_reader r;
    size_t len = 0;
    out[0] = 0;
    if (!find(p, field, word, &e) || !(e.flags & PC_ENTRY_TERM))
        return "none";
    assert_int_equal(pc_list_open(&l, &p->seg->lists, &e, NULL), 0);
    assert_int_equal(pc_list_ids(&l, 0, ids, NULL), 0);
    assert_int_equal(pc_list_freqs(&l, 0, tfs, NULL), 0);
    pc_pos_reader_init(&r, &l);
    for (uint32_t i = 0; i < l.df; i++) {
        len += (size_t)snprintf(out + len, sizeof out - len,
                                "%s%u:", i ? " " : "", ids[i]);
        assert_int_equal(pc_pos_reader_seek(&r, 0, i, ids, tfs, NULL), 0);
        assert_int_equal(pc_pos_reader_get(&r, pos, NULL), 0);
        for (uint32_t k = 0; k < tfs[i]; k++)
            len += (size_t)snprintf(out + len, sizeof out - len, "%s%u.%u",
                                    k ? "," : "", pos[k],
                                    pc_pos_reader_variant(&r, ids, tfs, k));
    }
    return out;
}

static const doc three[] = {{"Nations", "The nation of nations. Treaty!"},
                            {"", ""},
                            {"", "national treaties, nations"}};

static void invert_inverter__positions_and_variants(void **state)
{
    (void)state;
    place p;
    open_place(&p, three, 3, false);
    /* The title is at 0, the text begins 16 behind the position after it.
       "nations" is the most frequent form, so variant 0. */
    assert_string_equal(list_of(&p, PC_FIELD_TEXT, "nation"),
                        "0:0.0,18.1,20.0 2:0.2,2.0");
    assert_string_equal(list_of(&p, PC_FIELD_TEXT, "treati"), "0:21.1 2:1.0");
    assert_string_equal(list_of(&p, PC_FIELD_TEXT, "the"), "0:17.0");
    assert_string_equal(list_of(&p, PC_FIELD_TITLE, "nation"), "0:0.0");
    assert_string_equal(list_of(&p, PC_FIELD_TITLE, "treati"), "none");
    assert_string_equal(list_of(&p, PC_FIELD_TEXT, "nations"), "none");
    close_place(&p);
}

static void invert_inverter__forms(void **state)
{
    (void)state;
    place p;
    pc_entry e;
    open_place(&p, three, 3, false);
    assert_true(find(&p, PC_FIELD_TEXT, "nations", &e));
    assert_int_equal(e.flags, PC_ENTRY_FORM);
    assert_int_equal(e.form.df, 2);
    assert_int_equal(e.form.ctf, 3);
    assert_int_equal(e.form.strip, 1);
    assert_int_equal(e.form.add.len, 0);
    /* A form that is a stem too. */
    assert_true(find(&p, PC_FIELD_TEXT, "nation", &e));
    assert_int_equal(e.flags & (PC_ENTRY_TERM | PC_ENTRY_FORM | PC_ENTRY_SOLE),
                     PC_ENTRY_TERM | PC_ENTRY_FORM);
    assert_int_equal(e.df, 2);
    assert_int_equal(e.ctf, 5);
    assert_int_equal(e.form.df, 1);
    /* The only form of its stem. */
    assert_true(find(&p, PC_FIELD_TEXT, "the", &e));
    assert_true(e.flags & PC_ENTRY_SOLE);
    /* The stem is no form. */
    assert_true(find(&p, PC_FIELD_TEXT, "treaty", &e));
    assert_int_equal(e.form.strip, 1);
    assert_true(pc_str_eq(e.form.add, PC_STR_LIT("i")));
    assert_true(find(&p, PC_FIELD_TEXT, "treati", &e));
    assert_false(e.flags & PC_ENTRY_FORM);
    close_place(&p);
}

static void invert_inverter__lengths_and_norms(void **state)
{
    (void)state;
    place p;
    const uint8_t *norms;
    open_place(&p, three, 3, false);
    assert_int_equal(p.seg->docs, 3);
    assert_int_equal(p.seg->lengths[PC_FIELD_TEXT], 9);
    assert_int_equal(p.seg->lengths[PC_FIELD_TITLE], 1);
    assert_int_equal(pc_seg_norms(p.seg, PC_FIELD_TEXT, &norms, NULL), 0);
    const uint8_t text[] = {6, 0, 3};
    assert_memory_equal(norms, text, 3);
    assert_int_equal(pc_seg_norms(p.seg, PC_FIELD_TITLE, &norms, NULL), 0);
    const uint8_t title[] = {1, 0, 0};
    assert_memory_equal(norms, title, 3);
    close_place(&p);
}

/* However few postings are sorted at a time, the file is the same. */
static void invert_inverter__little_memory_gives_the_same_bytes(void **state)
{
    (void)state;
    static char texts[200][200];
    doc docs[200];
    uint64_t rng = scratch_seed();
    place a, b;
    for (size_t i = 0; i < 200; i++) {
        size_t len = 0;
        for (uint64_t k = scratch_below(&rng, 20); k > 0; k--)
            len += (size_t)snprintf(texts[i] + len, sizeof texts[i] - len,
                                    "w%llu%s ",
                                    (unsigned long long)scratch_below(&rng, 40),
                                    scratch_below(&rng, 2) ? "" : "s");
        docs[i] = (doc){i % 3 ? "" : "w1 title", texts[i]};
    }
    open_place(&a, docs, 200, false);
    open_place(&b, docs, 200, true);
    size_t n, m;
    uint8_t *x = scratch_read(scratch_path(&a.dir, "s"), &n);
    uint8_t *y = scratch_read(scratch_path(&b.dir, "s"), &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
    close_place(&a);
    close_place(&b);
}

static void invert_inverter__pairs_of_frequent_words(void **state)
{
    (void)state;
    static const doc texts[] = {{"To be", "or not to be; of the treaty"},
                                {"", "be or nothing, it is: not to be"}};
    place p;
    open_place(&p, texts, 2, false);
    assert_string_equal(list_of(&p, PC_FIELD_TEXT, "\1to be"),
                        "0:0.0,20.0 1:6.0");
    assert_string_equal(list_of(&p, PC_FIELD_TITLE, "\1to be"), "0:0.0");
    assert_string_equal(list_of(&p, PC_FIELD_TEXT, "\1be or"), "1:0.0");
    assert_string_equal(list_of(&p, PC_FIELD_TEXT, "\1be of"), "0:21.0");
    assert_string_equal(list_of(&p, PC_FIELD_TEXT, "\1of the"), "none");
    assert_int_equal(p.seg->lengths[PC_FIELD_TEXT], 17);
    close_place(&p);
}

static void invert_inverter__nothing_at_all(void **state)
{
    (void)state;
    static const doc empty[] = {{"", ""}, {"", "... -- !"}};
    place p;
    pc_entry e;
    open_place(&p, empty, 2, true);
    assert_int_equal(p.seg->dict.entries, 0);
    assert_int_equal(p.seg->lengths[PC_FIELD_TEXT], 0);
    assert_false(find(&p, PC_FIELD_TEXT, "nation", &e));
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invert_inverter__positions_and_variants),
        cmocka_unit_test(invert_inverter__forms),
        cmocka_unit_test(invert_inverter__lengths_and_norms),
        cmocka_unit_test(invert_inverter__little_memory_gives_the_same_bytes),
        cmocka_unit_test(invert_inverter__pairs_of_frequent_words),
        cmocka_unit_test(invert_inverter__nothing_at_all),
    };
    return cmocka_run_group_tests_name("inverter", tests, NULL, NULL);
}
