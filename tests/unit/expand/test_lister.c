/* Lists of words with their frequencies, and spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "searcher/expand/spell.h"
#include "tests/support/kill.h"
#include "tests/support/snapshot_pair.h"

typedef struct place {
    snapshot_pair both;
    pc_arena arena;
} place;

/* What the documents hold: the word, in how many documents, how often each. */
static const struct {
    const char *word;
    unsigned documents, times;
} content[] = {
    {"government", 400, 2},     {"governments", 100, 1}, {"goverment", 3, 1},
    {"governor", 50, 3},        {"gouvernement", 2, 1},  {"treaty", 300, 1},
    {"treats", 20, 1},          {"Treat", 20, 4},        {"\u00E9tude", 9, 1},
    {"2014", 200, 1},           {"2015", 1, 1},          {"cat", 300, 6000},
    {"interoperability", 5, 2}, {"pyongyang", 1, 1},
};

#define DOCS 400u

static size_t text_of(void *user, unsigned d, char *out, size_t room)
{
    size_t len = 0;
    (void)user;
    for (size_t i = 0; i < PC_COUNTOF(content); i++) {
        for (unsigned t = 0; d < content[i].documents && t < content[i].times;
             t++)
            len +=
                (size_t)snprintf(out + len, room - len, "%s ", content[i].word);
    }
    return len;
}

static int set_up(void **state)
{
    static place p;
    snapshot_pair_open(&p.both, DOCS, text_of, NULL);
    pc_arena_init(&p.arena, NULL, 0);
    *state = &p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    pc_arena_release(&p->arena);
    snapshot_pair_close(&p->both);
    return 0;
}

static void must_list(place *p, const ps_snapshot *s, ps_pattern pattern,
                      uint32_t limit, uint64_t matched, const char *want)
{
    ps_word_list words;
    char got[512] = "";
    size_t len = 0;
    assert_int_equal(
        ps_list_words(&words, s, &pattern, 0, limit, &p->arena, NULL), 0);
    for (uint32_t i = 0; i < words.n; i++)
        len += (size_t)snprintf(got + len, sizeof got - len, "%s%.*s:%u:%u",
                                i ? " " : "", PC_STR_ARG(words.items[i].text),
                                (unsigned)words.items[i].df,
                                (unsigned)words.items[i].ctf);
    assert_string_equal(got, want);
    assert_int_equal(words.matched, matched);
    assert_false(words.stopped);
}

static void both_list(place *p, ps_pattern pattern, uint32_t limit,
                      uint64_t matched, const char *want)
{
    must_list(p, &p->both.one, pattern, limit, matched, want);
    must_list(p, &p->both.many, pattern, limit, matched, want);
}

static void expand_words__best_first(void **state)
{
    place *p = *state;
    const ps_pattern gov = {PS_PATTERN_PREFIX, 0, PC_STR_LIT("Gov")};
    const ps_pattern tre = {PS_PATTERN_WILDCARD, 0, PC_STR_LIT("tr?at*")};
    const ps_pattern near = {PS_PATTERN_FUZZY, 1, PC_STR_LIT("goverment")};
    const ps_pattern etu = {PS_PATTERN_PREFIX, 0, PC_STR_LIT("etu")};
    const ps_pattern year = {PS_PATTERN_REGEX, 0, PC_STR_LIT("20\\d\\d")};
    const ps_pattern none = {PS_PATTERN_PREFIX, 0, PC_STR_LIT("zz")};
    both_list(p, gov, 10, 4,
              "government:400:800 governments:100:100 governor:50:150 "
              "goverment:3:3");
    both_list(p, gov, 2, 4, "government:400:800 governments:100:100");
    both_list(p, gov, 0, 4, "");
    both_list(p, tre, 9, 3, "treaty:300:300 treat:20:80 treats:20:20");
    both_list(p, near, 5, 2, "goverment:3:3 government:400:800");
    both_list(p, etu, 5, 1, "\u00E9tude:9:9");
    both_list(p, year, 5, 2, "2014:200:200 2015:1:1");
    both_list(p, none, 5, 0, "");
}

/* Every limit gives the head of the whole list. */
static void expand_words__limits_cut_the_list(void **state)
{
    place *p = *state;
    const ps_pattern all = {PS_PATTERN_WILDCARD, 0, PC_STR_LIT("*")};
    ps_word_list whole, part;
    assert_int_equal(ps_list_words(&whole, &p->both.one, &all, 0, UINT32_MAX,
                                   &p->arena, NULL),
                     0);
    assert_int_equal(whole.n, PC_COUNTOF(content));
    for (uint32_t limit = 0; limit <= whole.n; limit++) {
        const ps_snapshot *s = limit % 2 ? &p->both.one : &p->both.many;
        assert_int_equal(
            ps_list_words(&part, s, &all, 0, limit, &p->arena, NULL), 0);
        assert_int_equal(part.n, limit);
        for (uint32_t i = 0; i < limit; i++)
            assert_true(pc_str_eq(part.items[i].text, whole.items[i].text));
    }
}

/* Document d holds a word if d is below the number of its documents. With the
   first `dead` of them deleted, rarer words are not listed any more; a form is
   as long as another of its stem is found. */
static void expand_words__none_of_deleted_documents(void **state)
{
    place *p = *state;
    uint8_t dead[DOCS] = {0};
    const ps_pattern gov = {PS_PATTERN_PREFIX, 0, PC_STR_LIT("Gov")};
    const ps_pattern tre = {PS_PATTERN_WILDCARD, 0, PC_STR_LIT("tr?at*")};
    static const char *const indexes[] = {"one", "many"};
    memset(dead, 1, 50);
    for (size_t i = 0; i < PC_COUNTOF(indexes); i++) {
        ps_snapshot s;
        const char *path = scratch_path(&p->both.dir, indexes[i]);
        kill_documents(path, dead);
        assert_int_equal(ps_snapshot_open(&s, path, NULL, NULL), 0);
        must_list(p, &s, gov, 10, 2, "government:400:800 governments:100:100");
        must_list(p, &s, gov, 2, 4, "government:400:800 governments:100:100");
        must_list(p, &s, tre, 9, 1, "treaty:300:300");
        ps_snapshot_release(&s);
    }
    memset(dead, 1, DOCS);
    for (size_t i = 0; i < PC_COUNTOF(indexes); i++) {
        ps_snapshot s;
        const char *path = scratch_path(&p->both.dir, indexes[i]);
        kill_documents(path, dead);
        assert_int_equal(ps_snapshot_open(&s, path, NULL, NULL), 0);
        must_list(p, &s, gov, 10, 0, "");
        ps_snapshot_release(&s);
    }
}

static void must_spell(place *p, const char *word, uint64_t df,
                       const char *want)
{
    ps_word best;
    assert_int_equal(ps_spell_word(&best, &p->both.many, pc_str_of(word), df,
                                   &p->arena, NULL),
                     0);
    if (!pc_str_eq(best.text, pc_str_of(want)))
        fail_msg("%s: '%.*s' instead of '%s'", word, PC_STR_ARG(best.text),
                 want);
}

static void expand_spell__what_was_meant(void **state)
{
    place *p = *state;
    must_spell(p, "govrnment", 0, "government");
    must_spell(p, "goverment", 3, "government");
    must_spell(p, "govenrment", 0, "government");
    must_spell(p, "gvoernmetn", 0, "government");
    must_spell(p, "trety", 0, "treaty");
    must_spell(p, "interoperabilty", 0, "interoperability");
    must_spell(p, "etudde", 0, "\u00E9tude");
    must_spell(p, "pyonyang", 0, "pyongyang"); /* is there once */
    must_spell(p, "pyonyan", 0, "pyongyang");  /* and the index is small */
}

static void expand_spell__what_was_not(void **state)
{
    place *p = *state;
    must_spell(p, "governments", 100, ""); /* frequent enough */
    must_spell(p, "treats", 40, "");
    must_spell(p, "2013", 0, ""); /* a number */
    must_spell(p, "cot", 0, "");  /* short */
    must_spell(p, "entirely", 0, "");
    must_spell(p, "traeyt", 0, ""); /* two edits of a short word */
    must_spell(p, "", 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expand_words__best_first),
        cmocka_unit_test(expand_words__limits_cut_the_list),
        cmocka_unit_test(expand_words__none_of_deleted_documents),
        cmocka_unit_test(expand_spell__what_was_meant),
        cmocka_unit_test(expand_spell__what_was_not),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
