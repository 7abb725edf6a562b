/*
 * The worked bytes of docs/format.md, lists and files: the readers find in them
 * what is stated, and the writers make the same bytes again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/indexer.h>

#include "common/base/ints.h"
#include "common/codec/damp.h"
#include "common/codec/textblock.h"
#include "common/format/manifest.h"
#include "common/format/pack.h"
#include "common/segment/seg.h"
#include "indexer/catalog/catalog.h"
#include "indexer/write/column_writer.h"
#include "indexer/write/post_writer.h"
#include "tests/format/worked.h"
#include "tests/support/scratch_group.h"

#define DOCUMENT "format.md"
#define DOCS 400u /* more than any number in the worked lists */

static worked block; /* too large for the stack */

static void use(const char *name)
{
    worked_open(&block, DOCUMENT, name);
}

/* Compares n values with those a line states. */
static void same_list(const char *name, size_t nth, const uint32_t *v, size_t n)
{
    uint32_t want[WORKED_LIST];
    assert_int_equal(worked_list(worked_get(&block, name, nth), want), n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(v[i], want[i]);
}

/* ---- lists -------------------------------------------------------------- */

/* What the block states of a list, document by document. */
typedef struct stated {
    uint32_t n;
    uint32_t docs[WORKED_LIST], tfs[WORKED_LIST], norms[WORKED_LIST];
    uint32_t gaps[WORKED_LIST];
    uint16_t variants[WORKED_LIST];
} stated;

static void read_stated(stated *s)
{
    uint32_t part[WORKED_LIST];
    size_t at = 0;
    memset(s, 0, sizeof *s);
    s->n = (uint32_t)worked_list(worked_get(&block, "docs", 0), s->docs);
    assert_int_equal(worked_list(worked_get(&block, "tfs", 0), s->tfs), s->n);
    assert_int_equal(worked_list(worked_get(&block, "norms", 0), s->norms),
                     s->n);
    for (size_t i = 0; i < worked_count(&block, "gaps"); i++) {
        size_t n = worked_list(worked_get(&block, "gaps", i), part);
        memcpy(s->gaps + at, part, n * sizeof *part);
        at += n;
    }
    if (worked_count(&block, "variants") == 0)
        return;
    size_t n = worked_list(worked_get(&block, "variants", 0), part);
    for (size_t i = 0; i < n; i++)
        s->variants[i] = (uint16_t)part[i];
}

/* Writes the stated list to a file of its own; its two sections must hold
   the bytes of the block. */
static void write_list(const stated *s, const char *path, pc_entry *e)
{
    static pi_post_writer w;
    float damp[256];
    parasol_error err;
    pi_out *o;
    size_t at = 0;
    pc_damp_table(damp, PC_DAMP_K1, PC_DAMP_B, 1,
                  worked_number(&block, "average", 0));
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 1, NULL, &err),
                     0);
    pi_post_writer_init(&w, tmp.dir, NULL, damp);
    pi_post_begin(&w);
    for (uint32_t i = 0; i < s->n; at += s->tfs[i++])
        pi_post_add(&w, s->docs[i], s->tfs[i], (uint8_t)s->norms[i],
                    s->gaps + at, s->variants + at);
    pi_post_end(&w, e);
    assert_int_equal(e->post_len + e->pos_len, block.len);
    assert_memory_equal(w.postings.buf.ptr, block.bytes, e->post_len);
    assert_memory_equal(w.positions.buf.ptr, block.bytes + e->post_len,
                        e->pos_len);
    pi_post_writer_finish(&w, o);
    pi_post_writer_release(&w);
    pi_out_begin(o, PC_SECTION_NORMS);
    for (uint32_t doc = 0, i = 0; doc < DOCS; doc++) {
        uint8_t norm = 0;
        if (i < s->n && s->docs[i] == doc)
            norm = (uint8_t)s->norms[i++];
        pi_out_put(o, &norm, 1);
    }
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
}

/* Block b of the list holds what is stated from document `d` on. */
static size_t check_block(const pc_list *l, uint32_t b, const stated *s,
                          uint32_t d, size_t at)
{
    uint32_t ids[PC_BLOCK_ROOM], tfs[PC_BLOCK_ROOM], got[16];
    pc_pos_reader r;
    parasol_error err;
    assert_int_equal(pc_list_ids(l, b, ids, &err), 0);
    assert_int_equal(pc_list_freqs(l, b, tfs, &err), 0);
    pc_pos_reader_init(&r, l);
    for (uint32_t i = 0; i < pc_list_block_len(l, b); i++) {
        uint32_t pos = 0;
        assert_int_equal(ids[i], s->docs[d + i]);
        assert_int_equal(tfs[i], s->tfs[d + i]);
        assert_int_equal(pc_pos_reader_seek(&r, b, i, ids, tfs, &err), 0);
        assert_int_equal(pc_pos_reader_get(&r, got, &err), 0);
        for (uint32_t k = 0; k < tfs[i]; k++, at++) {
            pos += s->gaps[at];
            assert_int_equal(got[k], pos);
            assert_int_equal(pc_pos_reader_variant(&r, ids, tfs, k),
                             s->variants[at]);
        }
    }
    return at;
}

static void check_list(const char *name)
{
    static stated s;
    pc_entry e = {0};
    pc_sealed *f;
    pc_section norms;
    pc_lists lists;
    pc_list l;
    parasol_error err;
    use(name);
    read_stated(&s);
    const char *path = scratch_path(&tmp, name);
    write_list(&s, path, &e);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    assert_int_equal(pc_lists_open(&lists, f, DOCS, &err), 0);
    assert_int_equal(pc_sealed_section(f, PC_SECTION_NORMS, &norms, &err), 0);
    lists.norms[PC_FIELD_TEXT] = norms.ptr;
    assert_int_equal(pc_list_open(&l, &lists, &e, &err), 0);
    size_t at = 0;
    for (uint32_t b = 0; b < l.blocks; b++)
        at = check_block(&l, b, &s, b * PC_BLOCK, at);
    assert_int_equal(at, e.ctf);
    pc_sealed_close(f);
}

static void format_worked__small_list(void **state)
{
    (void)state;
    check_list("small-list");
}

static void format_worked__long_list(void **state)
{
    (void)state;
    check_list("long-list");
    assert_true(worked_count(&block, "last") > 1);
}

/* ---- files -------------------------------------------------------------- */

static void format_worked__manifest(void **state)
{
    (void)state;
    use("manifest");
    pc_manifest m;
    parasol_error err = {0};
    pc_buf again;
    pc_str bytes = {(const char *)block.bytes, block.len};
    assert_int_equal(pc_manifest_parse(&m, bytes, "manifest", NULL, &err), 0);
    assert_int_equal(m.commit, worked_number(&block, "commit", 0));
    assert_int_equal(m.next_segment, worked_number(&block, "next_segment", 0));
    assert_int_equal(m.files_seen, worked_number(&block, "files_seen", 0));
    assert_int_equal(m.n_segments, worked_number(&block, "segments", 0));
    assert_int_equal(m.segments[0].number, worked_number(&block, "number", 0));
    assert_int_equal(m.segments[0].docs, worked_number(&block, "docs", 0));
    assert_int_equal(m.segments[0].live_number,
                     worked_number(&block, "live_number", 0));
    assert_int_equal(m.segments[0].live_bytes,
                     worked_number(&block, "live_bytes", 0));
    assert_int_equal(m.segments[0].dead, worked_number(&block, "dead", 0));
    assert_string_equal(m.analyzer_spec.ptr,
                        worked_get(&block, "spec", 0)->value);
    pc_buf_init(&again, NULL);
    pc_manifest_put(&m, &again);
    assert_int_equal(again.len, block.len);
    assert_memory_equal(again.ptr, block.bytes, block.len);
    pc_buf_release(&again);
    pc_manifest_release(&m);
}

static void write_file(const char *path, const uint8_t *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void format_worked__pack(void **state)
{
    (void)state;
    pc_pack_entry entries[8];
    parasol_error err;
    pc_pack *p = NULL;
    pc_buf out;
    use("pack");
    uint32_t n = (uint32_t)worked_count(&block, "kind");
    assert_true(n > 1 && n <= 8);
    for (uint32_t i = 0; i < n; i++)
        entries[i] = (pc_pack_entry){(uint32_t)worked_number(&block, "kind", i),
                                     (uint32_t)worked_number(&block, "crc", i),
                                     worked_number(&block, "number", i), 0,
                                     worked_number(&block, "bytes", i)};
    pc_buf_init(&out, NULL);
    uint64_t length = pc_pack_put(entries, n, &out);
    assert_int_equal(length, worked_number(&block, "length", 0));
    assert_int_equal(out.len, block.len);
    assert_memory_equal(out.ptr, block.bytes, block.len);
    while (out.len < length)
        pc_buf_put_u8(&out, 0);
    const char *path = scratch_path(&tmp, "worked.pack");
    write_file(path, out.ptr, out.len);
    assert_int_equal(pc_pack_open(&p, path, NULL, &err), 0);
    assert_int_equal(p->commit, worked_number(&block, "commit", 0));
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(p->entries[i].off, worked_number(&block, "off", i));
    assert_int_equal(pc_pack_verify(p, path, &err), 0);
    assert_ptr_equal(pc_pack_find(p, PC_NAME_LIVE, 2), &p->entries[2]);
    pc_pack_close(p);
    pc_buf_release(&out);
}

static void format_worked__skips(void **state)
{
    (void)state;
    use("skips");
    parasol_error err;
    pi_out *o;
    pc_sealed *f;
    pc_section got;
    const char *path = scratch_path(&tmp, "k1.seg");
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SKIPS, 1, NULL, &err), 0);
    pi_out_begin(o, PC_SECTION_SKIPS);
    pi_out_put(o, block.bytes, block.len);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SKIPS, NULL, &err), 0);
    assert_int_equal(pc_sealed_section(f, PC_SECTION_SKIPS, &got, &err), 0);
    assert_int_equal(pc_load64le(got.ptr), worked_count(&block, "reason"));
    pc_sealed_close(f);
}

/* The entries that are stated. */
static uint32_t stated_files(pc_file_entry *v, char (*paths)[64])
{
    uint32_t n = (uint32_t)worked_number(&block, "files", 0);
    for (uint32_t i = 0; i < n; i++) {
        size_t shared = worked_number(&block, "shared", i);
        (void)snprintf(paths[i], 64, "%.*s%s", (int)shared,
                       i > 0 ? paths[i - 1] : "",
                       worked_get(&block, "rest", i)->value);
        v[i] =
            (pc_file_entry){.path = pc_str_of(paths[i]),
                            .size = worked_number(&block, "size", i),
                            .mtime = (int64_t)worked_number(&block, "mtime", i),
                            .ctime = (int64_t)worked_number(&block, "ctime", i),
                            .hash = {worked_number(&block, "hash", 2 * i),
                                     worked_number(&block, "hash", 2 * i + 1)},
                            .skip = (unsigned)worked_number(&block, "skip", i)};
    }
    return n;
}

static void read_files(const pc_manifest *m, const pc_file_entry *v, uint32_t n)
{
    pc_files *f = NULL;
    pc_files_cursor c;
    pc_file_entry e;
    parasol_error err;
    uint64_t number;
    bool more = true;
    assert_int_equal(pc_files_open(&f, tmp.dir, m, NULL, &err), 0);
    assert_int_equal(f->section.len, block.len);
    assert_memory_equal(f->section.ptr, block.bytes, block.len);
    assert_int_equal(f->taken, worked_number(&block, "taken", 0));
    assert_int_equal(f->n_roots, worked_number(&block, "roots", 0));
    assert_string_equal(f->roots[0].place.ptr,
                        worked_get(&block, "place", 0)->value);
    pc_files_cursor_init(&c, f);
    for (uint32_t i = 0; i <= n; i++) {
        assert_int_equal(pc_files_next(&c, &e, &number, &more, &err), 0);
        assert_int_equal(more, i < n);
        if (more) {
            assert_string_equal(e.path.ptr, v[i].path.ptr);
            assert_int_equal(e.size, v[i].size);
            assert_int_equal(e.ctime, v[i].ctime);
            assert_int_equal(e.hash[1], v[i].hash[1]);
        }
    }
    pc_files_cursor_release(&c);
    pc_files_close(f);
}

static void format_worked__files(void **state)
{
    (void)state;
    pc_file_entry v[4];
    char paths[4][64];
    parasol_error err;
    pi_catalog c;
    pc_manifest m;
    use("files");
    uint32_t n = stated_files(v, paths);
    pi_catalog_init(&c, tmp.dir, NULL);
    pc_manifest_init(&m, NULL);
    c.taken = (int64_t)worked_number(&block, "taken", 0);
    c.max_file = worked_number(&block, "max_file", 0);
    c.gitignore = worked_number(&block, "flags", 0) != 0;
    pc_str place = pc_str_of(worked_get(&block, "place", 0)->value);
    assert_int_equal(pi_catalog_root(&c, PC_STR_LIT(""), place, &err), 0);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(pi_catalog_put(&c, &v[i], PI_CHANGE_ADDED, &err), 0);
    assert_int_equal(pi_catalog_write(&c, 5, true, &m, &err), 0);
    read_files(&m, v, n);
    pi_catalog_release(&c);
    pc_manifest_release(&m);
}

static void format_worked__columns(void **state)
{
    (void)state;
    static const pc_field fields[3][3] = {
        {{{"Ext", 3}, {"md", 2}}, {{"title", 5}, {"no", 2}}},
        {{{"tag", 3}, {"x", 1}},
         {{"tag", 3}, {"y", 1}},
         {{"ext", 3}, {"txt", 3}}},
        {{{"ext", 3}, {"md", 2}}, {{"tag", 3}, {"", 0}}}};
    static const size_t counts[3] = {2, 3, 2};
    parasol_error err;
    pi_out *o;
    pi_column_writer w;
    pc_sealed *f;
    pc_section got;
    use("columns");
    const char *path = scratch_path(&tmp, "s2.seg");
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT, 2, NULL, &err),
                     0);
    pi_column_writer_init(&w, true, NULL);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pi_column_add(&w, fields[i], counts[i]), 0);
    assert_int_equal(pi_column_finish(&w, o, &err), 0);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    assert_int_equal(pc_sealed_section(f, PC_SECTION_COLUMNS, &got, &err), 0);
    assert_int_equal(got.len, block.len);
    assert_memory_equal(got.ptr, block.bytes, block.len);
    pc_sealed_close(f);
}

static void format_worked__sealed(void **state)
{
    (void)state;
    static worked again;
    parasol_error err;
    pi_out *o;
    use("sealed");
    const char *path = scratch_path(&tmp, "s42.seg");
    assert_int_equal(pi_out_create(&o, path, PC_KIND_SEGMENT,
                                   worked_number(&block, "number", 0), NULL,
                                   &err),
                     0);
    pi_out_begin(o, (uint32_t)worked_number(&block, "id", 0));
    pi_out_put(o, "hello", 5);
    assert_int_equal(pi_out_finish(o, NULL, NULL, &err), 0);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fread(again.bytes, 1, WORKED_BYTES, f), block.len);
    assert_int_equal(fclose(f), 0);
    assert_memory_equal(again.bytes, block.bytes, block.len);
}

/* Key `i` of the dictionary: "FIELD WORD". */
static void check_key(const pc_termblock *b, size_t i)
{
    char *word;
    const char *key = worked_get(&block, "key", i)->value;
    assert_int_equal(b->key[0], strtoul(key, &word, 10));
    assert_int_equal(strlen(word + 1), b->key_len - 1);
    assert_memory_equal(b->key + 1, word + 1, b->key_len - 1);
}

static void check_segment(pc_seg *s)
{
    pc_dict_scan scan;
    pc_entry e;
    parasol_error err;
    const uint8_t *norms;
    uint64_t entries = 0;
    assert_int_equal(s->docs, worked_number(&block, "docs", 0));
    for (uint8_t i = 0; i < PC_FIELD_COUNT; i++) {
        uint32_t got[3] = {0};
        assert_int_equal(s->lengths[i], worked_number(&block, "length", i));
        assert_int_equal(pc_seg_norms(s, i, &norms, &err), 0);
        for (uint32_t d = 0; d < s->docs; d++)
            got[d] = norms[d];
        same_list("norms", i, got, s->docs);
    }
    pc_dict_scan_init(&scan, &s->dict);
    while (pc_dict_scan_next(&scan, &e, &err) == PARASOL_OK)
        check_key(&scan.block, entries++);
    assert_int_equal(entries, worked_number(&block, "entries", 0));
    assert_int_equal(pc_store_verify(&s->store, &err), 0);
    assert_int_equal(pc_sealed_verify(s->file, &err), 0);
}

/* The entry that the document takes apart, read by the project. */
static void check_treati(const pc_seg *s)
{
    pc_key key;
    pc_entry e;
    pc_list l;
    bool found;
    uint32_t ids[PC_BLOCK_ROOM];
    parasol_error err;
    assert_true(pc_key_make(&key, PC_FIELD_TEXT, PC_STR_LIT("treati")));
    assert_int_equal(pc_dict_find(&s->dict, pc_key_str(&key), &found, &e, &err),
                     0);
    assert_true(found);
    assert_int_equal(e.df, 3);
    assert_int_equal(e.ctf, 5);
    assert_int_equal(pc_list_open(&l, &s->lists, &e, &err), 0);
    assert_int_equal(pc_list_ids(&l, 0, ids, &err), 0);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(ids[i], i);
    assert_int_equal(l.inl.variants[2], 1); /* "Treaties", the first of b */
}

/* The fields of the first document are the bytes of the block "record". */
static void check_record(const pc_seg *s)
{
    uint8_t raw[1024];
    parasol_error err;
    pc_section packed, index;
    assert_int_equal(
        pc_sealed_section(s->file, PC_SECTION_DOC_FIELDS, &packed, &err), 0);
    assert_int_equal(
        pc_sealed_section(s->file, PC_SECTION_FIELDS_INDEX, &index, &err), 0);
    size_t total = (size_t)pc_load64le(index.ptr);
    assert_true(total <= sizeof raw);
    pc_str in = {(const char *)packed.ptr, (size_t)packed.len};
    assert_int_equal(pc_textblock_get(raw, total, in, NULL, &err), 0);
    uint32_t lengths[WORKED_LIST];
    (void)worked_list(worked_get(&block, "fields_len", 0), lengths);
    use("record");
    assert_int_equal(block.len, lengths[0]);
    assert_memory_equal(raw, block.bytes, block.len);
}

static void format_worked__segment(void **state)
{
    (void)state;
    pc_seg *s;
    parasol_error err;
    use("segment");
    const char *path = scratch_path(&tmp, "s1.seg");
    write_file(path, block.bytes, block.len);
    assert_int_equal(pc_seg_open(&s, path, NULL, &err), 0);
    check_segment(s);
    check_treati(s);
    check_record(s);
    pc_seg_close(s);
}

/* ---- writing the segment again ------------------------------------------ */

/* Indexes the corpus that docs/ranking.md states. */
static void index_corpus(const char *dir)
{
    static worked corpus;
    parasol_indexer *w = NULL;
    parasol_error err = {0};
    parasol_meta lang = {"lang", "en"};
    worked_open(&corpus, "ranking.md", "corpus");
    assert_int_equal(parasol_indexer_open(&w, dir, NULL, &err), 0);
    for (size_t i = 0; i < worked_count(&corpus, "path"); i++) {
        parasol_document doc = PARASOL_DOCUMENT_INIT;
        const char *date = worked_get(&corpus, "date", i)->value;
        doc.id = worked_get(&corpus, "path", i)->value;
        doc.title = worked_get(&corpus, "title", i)->value;
        doc.date = strcmp(date, "none") == 0 ? NULL : date;
        doc.text = worked_get(&corpus, "text", i)->value;
        doc.text_len = strlen(doc.text);
        doc.meta = &lang;
        doc.meta_count = i == 0;
        assert_int_equal(parasol_indexer_add(w, &doc, &err), 0);
    }
    assert_int_equal(parasol_indexer_commit(w, NULL, &err), 0);
    parasol_indexer_close(w);
}

/* Everything but what zlib made must be the bytes of the block. */
static void format_worked__segment_is_what_the_indexer_writes(void **state)
{
    (void)state;
    static const uint32_t ids[] = {PC_SECTION_META,       PC_SECTION_TERMS,
                                   PC_SECTION_TERM_INDEX, PC_SECTION_POSTINGS,
                                   PC_SECTION_POSITIONS,  PC_SECTION_NORMS,
                                   PC_SECTION_DOC_TABLE};
    char dir[600], path[700];
    pc_sealed *f, *g;
    parasol_error err;
    (void)snprintf(dir, sizeof dir, "%s/index", tmp.dir);
    (void)snprintf(path, sizeof path, "%s/s1.seg", dir);
    index_corpus(dir);
    use("segment");
    assert_int_equal(pc_sealed_open(&f, path, PC_KIND_SEGMENT, NULL, &err), 0);
    const char *copy = scratch_path(&tmp, "stated.seg");
    write_file(copy, block.bytes, block.len);
    assert_int_equal(pc_sealed_open(&g, copy, PC_KIND_SEGMENT, NULL, &err), 0);
    for (size_t i = 0; i < PC_COUNTOF(ids); i++) {
        pc_section a, b;
        assert_int_equal(pc_sealed_section(f, ids[i], &a, &err), 0);
        assert_int_equal(pc_sealed_section(g, ids[i], &b, &err), 0);
        assert_int_equal(a.len, b.len);
        assert_memory_equal(a.ptr, b.ptr, a.len);
    }
    pc_sealed_close(f);
    pc_sealed_close(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_worked__small_list),
        cmocka_unit_test(format_worked__long_list),
        cmocka_unit_test(format_worked__columns),
        cmocka_unit_test(format_worked__sealed),
        cmocka_unit_test(format_worked__manifest),
        cmocka_unit_test(format_worked__skips),
        cmocka_unit_test(format_worked__files),
        cmocka_unit_test(format_worked__pack),
        cmocka_unit_test(format_worked__segment),
        cmocka_unit_test(format_worked__segment_is_what_the_indexer_writes),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
