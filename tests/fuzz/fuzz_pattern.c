/*
 * Any bytes as a pattern: the first byte says which kind and distance, the
 * rest of the first line is the pattern, the other lines are words. What the
 * automaton says of them is compared with an automaton that forgets its states
 * all the time, and, but for regular expressions, with the slow oracle.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/text/utf8.h"
#include "searcher/expand/key_fold.h"
#include "searcher/expand/pattern.h"
#include "tests/support/naive_pattern.h"

#define WORD_MAX 240u /* bytes, as in a dictionary */
#define STARS_MAX 4u  /* the oracle tries all ways */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds, const char *what, const ps_pattern *p,
                   pc_str word)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s: pattern %d '%.*s' ~%d, word '%.*s'\n", what,
                  p->kind, PC_STR_ARG(p->text), p->distance, PC_STR_ARG(word));
    abort();
}

/* The distance of a word; with `forget`, the dfa reads it as a walk does whose
   states have no room. */
static int read_word(ps_dfa *d, const uint32_t *cps, uint32_t n, bool forget)
{
    uint32_t state = PS_START;
    for (uint32_t i = 0; i < n && state != PS_DEAD; i++) {
        if (forget) {
            ps_dfa_forget(d);
            state = PS_START;
            for (uint32_t k = 0; k < i; k++)
                state = ps_dfa_step(d, state, cps[k]);
        }
        /* What goes on is alive, and nothing before it. */
        uint32_t next = ps_dfa_next(d, state, cps[i]);
        uint32_t to = ps_dfa_step(d, state, cps[i]);
        if ((to == PS_DEAD) != (next != cps[i]) || to == PS_NO_STATE)
            abort();
        state = to;
    }
    return d->states[state].distance;
}

static bool oracle_can(const ps_pattern *p)
{
    uint32_t stars = 0;
    for (size_t i = 0; i < p->text.len; i++)
        stars += p->text.ptr[i] == '*';
    return p->kind != PS_PATTERN_REGEX && stars <= STARS_MAX;
}

static void try_word(ps_dfa *d, const ps_pattern *p, pc_str word)
{
    pc_arena arena;
    uint32_t *cps, n;
    /* No dictionary has a word of wrong bytes, and walks pass over what no
       pattern looks at before the automaton sees it. */
    if (!pc_utf8_valid(word) || !naive_pattern_reads(word))
        return;
    pc_arena_init(&arena, NULL, 0);
    if (ps_fold_text(word, NULL, &arena, &cps, &n) == PARASOL_OK) {
        int one = read_word(d, cps, n, false);
        expect(one == read_word(d, cps, n, n < 32), "states were forgotten", p,
               word);
        if (oracle_can(p))
            expect(one == naive_pattern_distance(p, word), "the oracle differs",
                   p, word);
    }
    pc_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pc_arena arena;
    const ps_machine *m;
    ps_dfa dfa;
    if (size == 0)
        return 0;
    const char *at = (const char *)data + 1, *end = (const char *)data + size;
    const char *line = memchr(at, '\n', size - 1);
    size_t len = line ? (size_t)(line - at) : size - 1;
    ps_pattern p = {data[0] & 3, (data[0] >> 2) & 3, {at, len}};
    if (p.kind != PS_PATTERN_REGEX && len > WORD_MAX)
        return 0;
    pc_arena_init(&arena, NULL, 0);
    if (ps_pattern_compile(&m, &p, &arena, NULL) == PARASOL_OK &&
        ps_dfa_init(&dfa, m, &arena) == PARASOL_OK) {
        for (unsigned words = 0; line && words < 16; words++) {
            at = line + 1;
            line = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
            len = (size_t)((line ? line : end) - at);
            if (at < end && len <= WORD_MAX)
                try_word(&dfa, &p, (pc_str){at, len});
        }
    }
    pc_arena_release(&arena);
    return 0;
}
