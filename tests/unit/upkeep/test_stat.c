/*
 * Figures about an index: words, documents and bytes against what is known of
 * the documents, and against a plain count of the dictionaries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/format/log_line.h"
#include "common/segment/seg.h"
#include "tests/support/scratch.h"

#define DOCS 300u
#define WORDS 40u

static scratch tmp;
static char dir[600];
/* The last one is the heading of every other document. */
static unsigned df[WORDS + 1], ctf[WORDS + 1];

/* Document i has word k, ki times: the larger k is, the rarer. */
static unsigned times(unsigned i, unsigned k)
{
    return (i + 3) % (k + 2) == 0 ? 1 + (i * 7 + k) % 4 : 0;
}

static int set_up(void **state)
{
    (void)state;
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    scratch_make(&tmp);
    (void)snprintf(dir, sizeof dir, "%s/i", tmp.dir);
    o.segment_docs = 70;
    o.language = "none";
    assert_int_equal(parasol_indexer_open(&w, dir, &o, NULL), 0);
    for (unsigned i = 0; i < DOCS; i++) {
        static char text[8192];
        char id[16];
        size_t len = 0;
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        (void)snprintf(id, sizeof id, "d%03u", i);
        for (unsigned k = 0; k < WORDS; k++) {
            unsigned n = times(i, k);
            df[k] += n > 0;
            ctf[k] += n;
            for (; n > 0; n--)
                len += (size_t)snprintf(text + len, sizeof text - len,
                                        "word%02u ", k);
        }
        df[WORDS] += i % 2;
        ctf[WORDS] += i % 2;
        doc.id = id;
        doc.title = i % 2 ? "heading" : "";
        doc.text = text;
        doc.text_len = len;
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), 0);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), 0);
    parasol_indexer_close(w);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(&tmp);
    return 0;
}

static parasol_stat *open_stat(unsigned top)
{
    parasol_stat *s = NULL;
    parasol_error err = {0};
    parasol_stat_options o = PARASOL_STAT_OPTIONS_INIT;
    o.top = top;
    if (parasol_stat_open(&s, dir, &o, &err))
        fail_msg("%s", err.message);
    return s;
}

static void upkeep_stat__counts_every_byte_once(void **state)
{
    (void)state;
    parasol_stat *s = open_stat(0);
    parasol_stat_info in = {.struct_size = sizeof in};
    parasol_stat_section section = {.struct_size = sizeof section};
    parasol_stat_describe(s, &in);
    uint64_t sum = in.checksums + in.frames, last = UINT64_MAX;
    size_t i = 0;
    for (; !parasol_stat_get_section(s, i, &section); i++) {
        assert_true(section.bytes <= last);
        assert_true(strlen(section.name) > 1);
        last = section.bytes;
        sum += section.bytes;
    }
    assert_true(i > 11);
    assert_int_equal(sum, in.bytes);
    assert_int_equal(in.documents, DOCS);
    assert_int_equal(in.dead, 0);
    assert_int_equal(in.segments, (DOCS + 69) / 70);
    assert_int_equal(in.files, in.segments + 1);
    parasol_stat_document d = {.struct_size = sizeof d};
    assert_int_equal(parasol_stat_get_document(s, 0, &d), PARASOL_NOTFOUND);
    parasol_stat_close(s);
    parasol_stat_close(NULL);
}

/* The k-th of all words by a count: the greatest first, equal ones by name. */
static unsigned kth(const unsigned *counts, unsigned k)
{
    bool taken[WORDS + 1] = {0};
    unsigned best = 0;
    for (unsigned n = 0; n <= k; n++) {
        best = WORDS + 1;
        for (unsigned j = 0; j <= WORDS; j++) {
            unsigned i = (j + WORDS) % (WORDS + 1); /* "heading" comes first */
            if (!taken[i] && (best > WORDS || counts[i] > counts[best]))
                best = i;
        }
        taken[best] = true;
    }
    return best;
}

static void check_order(const parasol_stat *s, int order,
                        const unsigned *counts)
{
    for (unsigned k = 0; k < 10; k++) {
        parasol_stat_word w = {.struct_size = sizeof w};
        char name[16];
        unsigned want = kth(counts, k);
        (void)snprintf(name, sizeof name, "word%02u", want);
        if (want == WORDS)
            (void)snprintf(name, sizeof name, "heading");
        assert_int_equal(parasol_stat_get_word(s, 0, order, k, &w), 0);
        assert_string_equal(w.stem, name);
        assert_int_equal(w.df, df[want]);
        assert_int_equal(w.ctf, ctf[want]);
    }
    parasol_stat_word w = {.struct_size = sizeof w};
    assert_int_equal(parasol_stat_get_word(s, 0, order, 10, &w),
                     PARASOL_NOTFOUND);
}

static void upkeep_stat__words_are_those_of_the_documents(void **state)
{
    (void)state;
    parasol_stat *s = open_stat(10);
    parasol_stat_field f = {.struct_size = sizeof f};
    uint64_t postings = 0, positions = 0, post = 0, pos = 0;
    for (unsigned k = 0; k <= WORDS; k++) {
        postings += df[k];
        positions += ctf[k];
    }
    assert_int_equal(parasol_stat_get_field(s, 0, &f), 0);
    assert_string_equal(f.name, "text");
    assert_string_equal(f.language, "none");
    assert_int_equal(f.stems, WORDS + 1);
    assert_int_equal(f.forms, WORDS + 1);
    assert_int_equal(f.postings, postings);
    assert_int_equal(f.positions, positions);
    for (unsigned n = 1; n <= 5; n++) { /* what the files themselves say */
        char path[700];
        pc_seg *seg;
        pc_entry e;
        pc_dict_scan scan;
        (void)snprintf(path, sizeof path, "%s/s%u.seg", dir, n);
        assert_int_equal(pc_seg_open(&seg, path, NULL, NULL), 0);
        pc_dict_scan_init(&scan, &seg->dict);
        while (pc_dict_scan_next(&scan, &e, NULL) == PARASOL_OK) {
            if (scan.block.key[0] == 0 && e.flags & PC_ENTRY_TERM &&
                !(e.flags & PC_ENTRY_INLINE)) {
                post += e.post_len;
                pos += e.pos_len;
            }
        }
        pc_seg_close(seg);
    }
    assert_int_equal(f.posting_bytes, post);
    assert_int_equal(f.position_bytes, pos);
    assert_int_equal(parasol_stat_get_field(s, 1, &f), 0);
    assert_string_equal(f.name, "title");
    assert_int_equal(f.stems, 1);
    assert_int_equal(f.postings, DOCS / 2);
    assert_int_equal(parasol_stat_get_field(s, 2, &f), PARASOL_NOTFOUND);
    parasol_stat_close(s);
}

static void upkeep_stat__the_greatest_come_first(void **state)
{
    (void)state;
    parasol_stat *s = open_stat(10);
    check_order(s, PARASOL_STAT_BY_DF, df);
    check_order(s, PARASOL_STAT_BY_CTF, ctf);
    parasol_stat_close(s);
}

static void upkeep_stat__largest_documents(void **state)
{
    (void)state;
    parasol_stat *s = open_stat(7);
    uint64_t last = UINT64_MAX;
    unsigned lengths[DOCS] = {0}, larger = 0;
    parasol_stat_document d = {.struct_size = sizeof d};
    for (unsigned i = 0; i < DOCS; i++) {
        for (unsigned k = 0; k < WORDS; k++)
            lengths[i] += 7 * times(i, k);
    }
    size_t n = 0;
    for (; !parasol_stat_get_document(s, n, &d); n++) {
        unsigned i = (unsigned)strtoul(d.path + 1, NULL, 10);
        assert_int_equal(d.bytes, lengths[i]);
        assert_true(d.bytes <= last);
        assert_true(d.tokens <= lengths[i] / 7 + 1);
        last = d.bytes;
    }
    assert_int_equal(n, 7);
    for (unsigned i = 0; i < DOCS; i++)
        larger += lengths[i] > last;
    assert_true(larger < 7);
    parasol_stat_close(s);
}

/* ---- the log ------------------------------------------------------------ */

static void put_line(pc_buf *out, uint64_t commit)
{
    pc_log_line line = {.commit = commit,
                        .time = 1795464228,
                        .what = "index",
                        .added = commit,
                        .documents = 10 * commit,
                        .bytes = 1000 * commit};
    pc_log_line_put(&line, out);
}

static void expect(const parasol_log *log, size_t i, int state, uint64_t commit,
                   uint64_t last)
{
    parasol_log_entry e = {.struct_size = sizeof e};
    assert_int_equal(parasol_log_get(log, i, &e), 0);
    assert_int_equal(e.state, state);
    assert_int_equal(e.commit, commit);
    assert_int_equal(e.last, last);
    if (state == PARASOL_LOG_WRITTEN)
        assert_int_equal(e.documents, 10 * commit);
}

static void upkeep_log__tells_what_is_missing_or_damaged(void **state)
{
    (void)state;
    char index[700], path[800];
    parasol_log *log = NULL;
    parasol_log_entry e = {.struct_size = sizeof e};
    pc_buf b;
    (void)snprintf(index, sizeof index, "%s/logged", tmp.dir);
    (void)snprintf(path, sizeof path, "%s/" PC_LOG_NAME, index);
    for (unsigned i = 0; i < 7; i++) {
        parasol_indexer *w = NULL;
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        doc.id = doc.text = i % 2 ? "a" : "b";
        doc.text_len = 1;
        assert_int_equal(parasol_indexer_open(&w, index, NULL, NULL), 0);
        assert_int_equal(parasol_indexer_add(w, &doc, NULL), 0);
        assert_int_equal(parasol_indexer_commit(w, NULL, NULL), 0);
        parasol_indexer_close(w);
    }
    pc_buf_init(&b, NULL);
    put_line(&b, 2);
    put_line(&b, 3);
    pc_buf_put_z(&b, "3 somebody was here\n");
    put_line(&b, 6);
    for (unsigned i = 0; i < 200000; i++)
        pc_buf_put_u8(&b, 'x');
    scratch_write(path, b.ptr, b.len);
    assert_int_equal(parasol_log_open(&log, index, NULL), 0);
    assert_int_equal(parasol_log_count(log), 8);
    expect(log, 0, PARASOL_LOG_MISSING, 1, 1);
    expect(log, 1, PARASOL_LOG_WRITTEN, 2, 2);
    expect(log, 2, PARASOL_LOG_WRITTEN, 3, 3);
    expect(log, 3, PARASOL_LOG_DAMAGED, 0, 0);
    expect(log, 4, PARASOL_LOG_MISSING, 4, 5);
    expect(log, 5, PARASOL_LOG_WRITTEN, 6, 6);
    expect(log, 6, PARASOL_LOG_DAMAGED, 0, 0);
    expect(log, 7, PARASOL_LOG_MISSING, 7, 7);
    assert_int_equal(parasol_log_get(log, 8, &e), PARASOL_NOTFOUND);
    assert_int_equal(parasol_log_get(log, 3, &e), 0);
    assert_string_equal(e.text, "3 somebody was here");
    assert_int_equal(e.line, 3);
    assert_int_equal(parasol_log_get(log, 6, &e), 0);
    assert_int_equal(strlen(e.text), PC_LOG_LINE_MAX + 1);
    parasol_log_close(log);
    /* Nothing at all, as in a packed index. */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(parasol_log_open(&log, index, NULL), 0);
    assert_int_equal(parasol_log_count(log), 1);
    expect(log, 0, PARASOL_LOG_MISSING, 1, 7);
    parasol_log_close(log);
    parasol_log_close(NULL);
    pc_buf_release(&b);
    assert_int_equal(parasol_log_open(&log, tmp.dir, NULL), PARASOL_NOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upkeep_stat__counts_every_byte_once),
        cmocka_unit_test(upkeep_stat__words_are_those_of_the_documents),
        cmocka_unit_test(upkeep_stat__the_greatest_come_first),
        cmocka_unit_test(upkeep_stat__largest_documents),
        cmocka_unit_test(upkeep_log__tells_what_is_missing_or_damaged),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
