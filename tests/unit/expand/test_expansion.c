/* Patterns over random dictionaries, against the slow oracle of
   tests/support/naive_pattern.h, in one segment and in several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <parasol/indexer.h>

#include "common/text/utf8.h"
#include "searcher/expand/dict_walk.h"
#include "searcher/expand/expansion.h"
#include "tests/support/naive_pattern.h"
#include "tests/support/snapshot_pair.h"

#define WORDS 1000u
#define ROUNDS 150u
#define WORD_ROOM 256u

typedef struct place {
    uint64_t rng;
    char (*words)[WORD_ROOM];
    snapshot_pair both;
    pc_arena arena;
} place;

/* ---- making ------------------------------------------------------------- */

/* Letters that fold to others, letters of two to four bytes, and few of each,
   so that words are close to one another. */
static const char *const letters[] = {
    "a",      "b",      "e",      "s",      "n",      "e", "t", "\u00E9",
    "\u00E8", "\u0142", "\u0436", "\u0439", "\u00F8", "i", "0"};

static size_t random_word(place *p, char *out, size_t longest)
{
    size_t n = 1 + scratch_below(&p->rng, longest), len = 0;
    for (size_t i = 0; i < n; i++) {
        const char *l = letters[scratch_below(&p->rng, PC_COUNTOF(letters))];
        if (len + 4 >= WORD_ROOM)
            break;
        memcpy(out + len, l, strlen(l));
        len += strlen(l);
    }
    out[len] = 0;
    return len;
}

static void make_words(place *p)
{
    static const char *const ends[] = {"s", "ing", "ed", "ation", ""};
    p->words = calloc(WORDS, sizeof *p->words);
    assert_non_null(p->words);
    for (size_t i = 0; i < WORDS; i++) {
        char *w = p->words[i];
        if (i > 10 && scratch_below(&p->rng, 3) == 0) {
            /* Another form of a word, or a word that begins as one does. */
            pc_str old = pc_str_of(p->words[scratch_below(&p->rng, i)]);
            old = pc_utf8_cut(old, 200);
            memcpy(w, old.ptr, old.len);
            (void)snprintf(w + old.len, WORD_ROOM - old.len, "%s",
                           ends[scratch_below(&p->rng, PC_COUNTOF(ends))]);
            continue;
        }
        (void)random_word(p, w, scratch_below(&p->rng, 40) ? 9 : 150);
    }
}

static size_t text_of(void *user, unsigned i, char *out, size_t room)
{
    const place *p = user;
    uint64_t rng = i;
    size_t a = scratch_below(&rng, WORDS), b = scratch_below(&rng, WORDS);
    return (size_t)snprintf(out, room, "%s %s %s", p->words[i % WORDS],
                            p->words[a], p->words[b]);
}

static int set_up(void **state)
{
    static place p;
    p.rng = scratch_seed();
    make_words(&p);
    snapshot_pair_open(&p.both, 3 * WORDS, text_of, &p);
    pc_arena_init(&p.arena, NULL, 0);
    *state = &p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    pc_arena_release(&p->arena);
    snapshot_pair_close(&p->both);
    free(p->words);
    return 0;
}

/* ---- patterns ----------------------------------------------------------- */

static const char *some_word(place *p)
{
    return p->words[scratch_below(&p->rng, WORDS)];
}

/* A word with a few characters replaced by `with`. */
static size_t punch(place *p, char *out, const char *const *with, size_t n)
{
    const char *w = some_word(p), *end = w + strlen(w);
    size_t len = 0;
    while (w < end && len + 16 < WORD_ROOM) {
        const char *next = w;
        (void)pc_utf8_next(&next, end);
        const char *from = w;
        size_t bytes = (size_t)(next - w);
        if (scratch_below(&p->rng, 3) == 0) {
            from = with[scratch_below(&p->rng, n)];
            bytes = strlen(from);
        }
        memcpy(out + len, from, bytes);
        len += bytes;
        w = next;
        if (len > 30 && scratch_below(&p->rng, 4) == 0)
            break;
    }
    out[len] = 0;
    return len;
}

static ps_pattern random_pattern(place *p, char *out)
{
    static const char *const stars[] = {"*", "?", "??", "a", ""};
    static const char *const near[] = {"", "a", "xy", "e"};
    static const char *const parts[] = {
        ".",      "[a-e]", "[^a-e]", "(a|b|\u00E9s)?", "s*", "(ab){1,2}",
        "\\w{2}", "\\d?",  ".*",     "(?:t|n)+",       ""};
    ps_pattern pattern = {(uint8_t)scratch_below(&p->rng, 4), 0, {out, 0}};
    switch ((enum ps_pattern_kind)pattern.kind) {
    case PS_PATTERN_PREFIX: {
        (void)snprintf(out, WORD_ROOM, "%s", some_word(p));
        pc_str word = {out, strlen(out)};
        pattern.text = pc_utf8_cut(word, 1 + scratch_below(&p->rng, 8));
        break;
    }
    case PS_PATTERN_WILDCARD:
        pattern.text.len = punch(p, out, stars, PC_COUNTOF(stars));
        break;
    case PS_PATTERN_FUZZY:
        pattern.distance = (uint8_t)scratch_below(&p->rng, 4);
        pattern.text.len = punch(p, out, near, PC_COUNTOF(near));
        break;
    case PS_PATTERN_REGEX:
        pattern.text.len = punch(p, out, parts, PC_COUNTOF(parts));
        break;
    }
    return pattern;
}

/* ---- comparing ---------------------------------------------------------- */

static bool has_word(const ps_expanded *x, pc_str word)
{
    for (uint32_t i = 0; i < x->n_words; i++)
        if (pc_str_eq(x->words[i], word))
            return true;
    return false;
}

static const ps_expanded *find_stem(const ps_expansion *e, pc_str stem)
{
    for (uint32_t i = 0; i < e->n; i++)
        if (pc_str_eq(e->items[i].stem, stem))
            return &e->items[i];
    return NULL;
}

/* What a walk over one dictionary finds of a pattern. */
typedef struct tally {
    uint64_t words;
} tally;

static void compare_segment(const ps_snapshot *s, uint32_t seg,
                            const ps_pattern *pattern, const ps_expansion *e,
                            tally *t)
{
    pc_dict_scan scan;
    pc_entry entry;
    pc_dict_scan_init(&scan, &s->segs[seg]->dict);
    while (pc_dict_scan_next(&scan, &entry, NULL) == PARASOL_OK) {
        char room[PC_KEY_MAX];
        pc_str stem,
            word = {(const char *)scan.block.key + 1, scan.block.key_len - 1};
        if (!(entry.flags & PC_ENTRY_FORM) || scan.block.key[0] != 0)
            continue;
        int distance = naive_pattern_distance(pattern, word);
        assert_true(ps_form_stem(word, &entry, room, &stem));
        const ps_expanded *x = find_stem(e, stem);
        bool found = x && has_word(x, word);
        if (found != (distance >= 0) || (found && (int)x->distance > distance))
            fail_msg("pattern %d '%.*s' ~%d: word '%.*s', distance %d, %s",
                     pattern->kind, PC_STR_ARG(pattern->text),
                     pattern->distance, PC_STR_ARG(word), distance,
                     found ? "found" : "not found");
        if (!found)
            continue;
        t->words++;
        const ps_form_set *set = x->sets[seg];
        assert_true(x->entries[seg].flags & PC_ENTRY_TERM);
        assert_true(!set || ps_form_set_has(set, entry.form.variant));
    }
}

static uint64_t compare(place *p, const ps_snapshot *s,
                        const ps_pattern *pattern, ps_expansion *e)
{
    tally t = {0};
    parasol_error err = {0};
    ps_expand_params params = {.limit = UINT32_MAX};
    int rc = ps_expand(e, s, pattern, params, &p->arena, &err);
    if (rc)
        fail_msg("'%.*s': %s", PC_STR_ARG(pattern->text), err.message);
    for (uint32_t i = 0; i < s->n_segs; i++)
        compare_segment(s, i, pattern, e, &t);
    assert_int_equal(t.words, e->words);
    assert_int_equal(t.words, e->kept);
    assert_false(e->stopped || e->unfinished);
    return t.words;
}

static void expand_expansion__finds_what_the_oracle_finds(void **state)
{
    place *p = *state;
    char text[WORD_ROOM];
    uint64_t found = 0, patterns = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        ps_expansion one, many;
        ps_pattern pattern = random_pattern(p, text);
        if (pattern.text.len == 0)
            continue;
        pc_arena_clear(&p->arena);
        found += compare(p, &p->both.one, &pattern, &one);
        (void)compare(p, &p->both.many, &pattern, &many);
        patterns++;
        assert_int_equal(one.n, many.n);
        for (uint32_t k = 0; k < one.n; k++) {
            const ps_expanded *x = find_stem(&many, one.items[k].stem);
            assert_non_null(x);
            assert_int_equal(x->df, one.items[k].df);
            assert_int_equal(x->distance, one.items[k].distance);
            assert_int_equal(x->n_words, one.items[k].n_words);
        }
    }
    printf("%llu patterns, %llu words found\n", (unsigned long long)patterns,
           (unsigned long long)found);
    assert_true(patterns > ROUNDS / 2 && found > ROUNDS);
}

/* The stems kept are those that a whole expansion has first. */
static void expand_expansion__keeps_the_best(void **state)
{
    place *p = *state;
    const ps_pattern pattern = {PS_PATTERN_WILDCARD, 0, PC_STR_LIT("?e*")};
    ps_expansion all, few, other;
    pc_arena_clear(&p->arena);
    assert_int_equal(ps_expand(&all, &p->both.one, &pattern,
                               (ps_expand_params){.limit = UINT32_MAX},
                               &p->arena, NULL),
                     0);
    assert_true(all.n > 40);
    for (uint32_t limit = 0; limit < 40; limit += 3) {
        ps_expand_params params = {.limit = limit};
        assert_int_equal(
            ps_expand(&few, &p->both.one, &pattern, params, &p->arena, NULL),
            0);
        assert_int_equal(
            ps_expand(&other, &p->both.many, &pattern, params, &p->arena, NULL),
            0);
        assert_int_equal(few.n, limit);
        assert_int_equal(few.words, all.words);
        assert_true(few.kept < all.kept);
        for (uint32_t i = 0; i < limit; i++)
            assert_non_null(find_stem(&other, few.items[i].stem));
    }
}

static int count_word(void *ctx, pc_str word, const pc_entry *e, int distance)
{
    PC_UNUSED(word);
    PC_UNUSED(e);
    PC_UNUSED(distance);
    ++*(uint64_t *)ctx;
    return PARASOL_OK;
}

/* A dfa that forgets all its states in the middle of a walk goes on right. */
static void expand_walk__more_states_than_there_is_room_for(void **state)
{
    place *p = *state;
    const ps_pattern pattern = {
        PS_PATTERN_REGEX, 0,
        PC_STR_LIT(".*(a|e|s|t).{5}|.*(b|n|i).{4}|.*s.{3}")};
    uint64_t found[3] = {0, 0, 0}, work[3];
    ps_expansion e;
    for (unsigned i = 0; i < 2; i++) {
        const ps_machine *m;
        ps_dfa dfa;
        ps_walk_params walk = {
            .work = UINT64_MAX, .hit = count_word, .ctx = &found[i]};
        bool stopped;
        pc_arena_clear(&p->arena);
        assert_int_equal(ps_pattern_compile(&m, &pattern, &p->arena, NULL), 0);
        assert_int_equal(ps_dfa_init(&dfa, m, &p->arena), 0);
        if (i > 0)
            dfa.limit = 256;
        assert_int_equal(ps_dict_walk(&p->both.one.segs[0]->dict, &dfa, &walk,
                                      &stopped, NULL),
                         0);
        assert_true(dfa.n <= dfa.limit);
        assert_true(i > 0 || dfa.n > 512);
        work[i] = dfa.work;
    }
    pc_arena_clear(&p->arena);
    found[2] = compare(p, &p->both.one, &pattern, &e);
    assert_true(found[0] > 100);
    assert_int_equal(found[0], found[1]);
    assert_int_equal(found[0], found[2]);
    assert_true(work[1] > work[0]);
}

/* Work is bounded, and that it was is told. */
static void expand_walk__stops_at_its_limit(void **state)
{
    place *p = *state;
    const ps_pattern pattern = {PS_PATTERN_REGEX, 0, PC_STR_LIT(".*a.{9}")};
    const ps_machine *m;
    ps_dfa dfa;
    uint64_t found = 0;
    ps_walk_params walk = {.work = 100, .hit = count_word, .ctx = &found};
    bool stopped = false;
    pc_arena_clear(&p->arena);
    assert_int_equal(ps_pattern_compile(&m, &pattern, &p->arena, NULL), 0);
    assert_int_equal(ps_dfa_init(&dfa, m, &p->arena), 0);
    assert_int_equal(
        ps_dict_walk(&p->both.one.segs[0]->dict, &dfa, &walk, &stopped, NULL),
        0);
    assert_true(stopped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expand_expansion__finds_what_the_oracle_finds),
        cmocka_unit_test(expand_expansion__keeps_the_best),
        cmocka_unit_test(expand_walk__more_states_than_there_is_room_for),
        cmocka_unit_test(expand_walk__stops_at_its_limit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
