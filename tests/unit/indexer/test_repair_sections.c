/*
 * Repair of a segment of which one section is damaged, each in turn: a bit, a
 * page, all of it. What is said to be lost is what is not found any more, the
 * rest is found, and a deep check of the result finds nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/base/ints.h"
#include "common/format/magic.h"
#include "common/format/section_name.h"
#include "tests/support/scratch.h"

enum { DOCUMENTS = 600, DAMAGED = 400, WORDS = 90, PAGE = 4096 };

typedef struct place {
    scratch dir;
    char whole[600], index[600], folder[600];
    bool lost[DOCUMENTS];
    uint64_t unnamed; /* lost ones of which not even the number is known */
    parasol_repair_info info;
    const char *section; /* that the check has to name */
    bool named;
    bool stored; /* a damaged page has something of the stored documents */
} place;

/* A word of its own for each document, and one that only few share. */
static size_t text_of(uint64_t *rng, char *out, size_t room, unsigned i)
{
    size_t len = (size_t)snprintf(out, room, "only%u some%u every", i, i / 9);
    for (unsigned k = 0; k < WORDS; k++)
        len += (size_t)snprintf(out + len, room - len, " w%llx",
                                (unsigned long long)scratch_below(rng, 60000));
    return len;
}

static void id_of(char out[32], unsigned i)
{
    (void)snprintf(out, 32, "d%u", i * 7919u % DOCUMENTS);
}

static void add(parasol_indexer *w, uint64_t *rng, unsigned i)
{
    char id[32], pages[16];
    static char text[4096];
    parasol_meta meta[] = {{"kind", i % 2 ? "odd" : "even"}, {"n", pages}};
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    id_of(id, i);
    (void)snprintf(pages, sizeof pages, "%u", i);
    doc.id = id;
    doc.title = i % 4 ? "A title" : "Der Titel von dem, was nicht da ist";
    doc.text = text;
    doc.text_len = text_of(rng, text, sizeof text, i);
    doc.meta = meta;
    doc.meta_count = 2;
    assert_int_equal(parasol_indexer_add(w, &doc, NULL), PARASOL_OK);
}

static int set_up(void **state)
{
    static place p;
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    uint64_t rng = scratch_seed();
    scratch_make(&p.dir);
    (void)snprintf(p.whole, sizeof p.whole, "%s/whole", p.dir.dir);
    (void)snprintf(p.index, sizeof p.index, "%s/index", p.dir.dir);
    (void)snprintf(p.folder, sizeof p.folder, "%s/folder", p.dir.dir);
    o.language = "auto";
    o.segment_docs = DAMAGED;
    assert_int_equal(parasol_indexer_open(&w, p.whole, &o, NULL), PARASOL_OK);
    for (unsigned i = 0; i < DOCUMENTS; i++)
        add(w, &rng, i);
    assert_int_equal(parasol_indexer_commit(w, NULL, NULL), PARASOL_OK);
    parasol_indexer_close(w);
    *state = &p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    scratch_remove(&p->dir);
    return 0;
}

/* ---- damaging ----------------------------------------------------------- */

enum how { BIT, ONE_PAGE, ALL };

static bool is_store(uint32_t section)
{
    return section >= PC_SECTION_DOC_TABLE &&
           section <= PC_SECTION_FIELDS_INDEX;
}

/* Does a page of [from, end) have a byte of a section of the store? What shares
   a checksum shares its fate. */
static bool meets_store(const uint8_t *toc, uint32_t sections, size_t from,
                        size_t end)
{
    bool meets = false;
    from -= from % PAGE;
    end += (PAGE - end % PAGE) % PAGE;
    for (uint32_t i = 0; i < sections; i++, toc += 24) {
        size_t at = (size_t)pc_load64le(toc + 8);
        size_t behind = at + (size_t)pc_load64le(toc + 16);
        meets |= is_store(pc_load32le(toc)) && at < end && from < behind;
    }
    return meets;
}

/* False: the segment has no such section, or nothing in it. */
static bool damage(place *p, uint32_t section, enum how how)
{
    char command[1400], path[700];
    size_t n;
    (void)snprintf(command, sizeof command, "rm -rf '%s' && cp -r '%s' '%s'",
                   p->index, p->whole, p->index);
    assert_int_equal(system(command), 0);
    (void)snprintf(path, sizeof path, "%s/s1.seg", p->index);
    uint8_t *bytes = scratch_read(path, &n);
    const uint8_t *toc = bytes + pc_load64le(bytes + n - 64 + 32);
    uint32_t sections = pc_load32le(bytes + n - 64 + 40);
    const uint8_t *first = toc;
    size_t at = 0, len = 0;
    for (uint32_t i = 0; i < sections; i++, toc += 24) {
        if (pc_load32le(toc) == section) {
            at = (size_t)pc_load64le(toc + 8);
            len = (size_t)pc_load64le(toc + 16);
        }
    }
    size_t from = how == ALL ? at : at + len / 2, end = at + len;
    if (how == BIT)
        end = from + 1;
    else if (how == ONE_PAGE && from + PAGE < end)
        end = from + PAGE;
    p->stored = len > 0 && meets_store(first, sections, from, end);
    for (size_t i = from; len > 0 && i < end; i++)
        bytes[i] ^= how == BIT ? 0x10 : 0x5a;
    scratch_write(path, bytes, n);
    free(bytes);
    return len > 0;
}

/* ---- mending ------------------------------------------------------------ */

static int on_finding(const parasol_finding *f, void *user)
{
    place *p = user;
    if (strstr(f->section, p->section))
        p->named = true;
    return 0;
}

static void check(place *p, int want)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    o.deep = 1;
    o.report = on_finding;
    o.user = p;
    p->named = false;
    assert_int_equal(parasol_check(p->index, &o, NULL, NULL), want);
}

static int on_event(const parasol_repair_event *e, void *user)
{
    place *p = user;
    unsigned number, n = 0;
    char id[32];
    if (e->kind != PARASOL_REPAIR_LOST)
        return 0;
    if (e->id[0]) {
        for (; n < DOCUMENTS; n++) {
            id_of(id, n);
            if (strcmp(id, e->id) == 0)
                break;
        }
    } else if (sscanf(e->text, "document %u", &number) == 1) {
        n = number;
    } else {
        assert_int_equal(sscanf(e->text, "%u documents", &number), 1);
        p->unnamed += number;
        return 0;
    }
    assert_in_range(n, 0, DAMAGED - 1);
    assert_false(p->lost[n]); /* each is told once */
    p->lost[n] = true;
    return 0;
}

/* False: nothing could be made of what is left. */
static bool repair(place *p, uint64_t *out)
{
    parasol_repair_options o = PARASOL_REPAIR_OPTIONS_INIT;
    parasol_error err = {0};
    uint64_t lost = 0;
    memset(p->lost, 0, sizeof p->lost);
    p->unnamed = 0;
    p->info = (parasol_repair_info)PARASOL_REPAIR_INFO_INIT;
    o.jobs = 1;
    o.report = on_event;
    o.user = p;
    int rc = parasol_repair(p->index, &o, &p->info, &err);
    if (rc && !(p->stored && strstr(err.message, "cannot be mended")))
        fail_msg("%s", err.message);
    if (rc)
        return false;
    for (unsigned i = 0; i < DOCUMENTS; i++)
        lost += p->lost[i];
    assert_int_equal(p->info.lost, lost + p->unnamed);
    assert_int_equal(p->info.documents, DOCUMENTS - p->info.lost);
    *out = p->info.lost;
    return true;
}

/* ---- asking ------------------------------------------------------------- */

/* How many documents match; `id`, of 32 bytes, is that of the best. */
static uint64_t ask(parasol_searcher *s, const char *text, char *id)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_hit hit = PARASOL_HIT_INIT;
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    o.exact_total = 1;
    assert_int_equal(parasol_query_parse(&q, text, strlen(text), NULL, NULL),
                     PARASOL_OK);
    assert_int_equal(parasol_search(&r, s, q, &o, NULL), PARASOL_OK);
    uint64_t n = parasol_result_total(r);
    if (n > 0) {
        assert_int_equal(parasol_result_hit(r, 0, &hit, NULL), PARASOL_OK);
        (void)snprintf(id, 32, "%s", hit.path.ptr);
    }
    parasol_result_free(r);
    parasol_query_free(q);
    return n;
}

static void find_the_rest(place *p)
{
    parasol_searcher *s = NULL;
    char word[32], id[32], found[32];
    uint64_t missing = 0;
    assert_int_equal(parasol_searcher_open(&s, p->index, NULL, NULL),
                     PARASOL_OK);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        (void)snprintf(word, sizeof word, "only%u", i);
        id_of(id, i);
        uint64_t n = ask(s, word, found);
        assert_true(n <= 1);
        missing += n == 0;
        if (n == 1)
            assert_string_equal(found, id);
        if (p->unnamed == 0)
            assert_int_equal(n, p->lost[i] ? 0 : 1);
    }
    assert_int_equal(missing, p->info.lost);
    assert_int_equal(ask(s, "every", found), DOCUMENTS - missing);
    assert_int_equal(ask(s, "kind:odd OR kind:even", found),
                     DOCUMENTS - missing);
    parasol_searcher_close(s);
}

/* ---- tests -------------------------------------------------------------- */

static void mend(place *p, uint32_t section, enum how how)
{
    static const char *const words[] = {"a bit", "a page", "all"};
    if (!damage(p, section, how))
        return;
    p->section = pc_section_name(section);
    check(p, PARASOL_CORRUPT);
    assert_true(p->named);
    uint64_t lost;
    if (!repair(p, &lost)) {
        printf("%s, %s: stays as it is\n", p->section, words[how]);
        check(p, PARASOL_CORRUPT);
        return;
    }
    printf("%s, %s: %llu lost\n", p->section, words[how],
           (unsigned long long)lost);
    check(p, PARASOL_OK);
    find_the_rest(p);
    assert_true(p->stored || lost == 0);
}

static void repair_sections__what_is_not_lost_is_found(void **state)
{
    place *p = *state;
    for (uint32_t section = PC_SECTION_META; section <= PC_SECTION_LANGUAGES;
         section++) {
        for (int how = BIT; how <= ALL; how++)
            mend(p, section, (enum how)how);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repair_sections__what_is_not_lost_is_found),
    };
    return cmocka_run_group_tests_name("repair_sections", tests, set_up,
                                       tear_down);
}
