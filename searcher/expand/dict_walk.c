/*
 * The walk: a stack of states by bytes of the key read.
 */
#include "searcher/expand/dict_walk.h"

#include "common/base/fail.h"
#include "common/os/clock.h"
#include "common/text/analyzer.h"
#include "common/text/frequent.h"
#include "common/text/utf8.h"
#include "searcher/expand/key_fold.h"

#define START 1u  /* bytes of a key before its word */
#define LOOKS 64u /* blocks between two looks at the clock */

typedef struct walk {
    const pc_dict *dict;
    ps_dfa *dfa;
    const ps_walk_params *params;
    parasol_error *err;
    ps_key_fold fold;
    pc_termblock block;
    uint64_t next_prefix; /* of the block behind it */
    /* The key read last, as far as it is of use to the next. */
    uint8_t key[PC_KEY_MAX + PC_PAD];
    uint32_t len;
    uint32_t known; /* bytes of it for which `states` are known */
    uint32_t states[PC_KEY_MAX + 1]; /* by bytes read; where words are cut in
                                        the middle of a character, any */
    /* After a key that cannot match: no key matches that shares more than
       `limit` bytes with it, or just so many and goes on below `least`. */
    bool dead;
    uint32_t limit;
    uint8_t least;
    uint64_t target; /* the first eight bytes of the first that may */
    uint32_t all;    /* keys that share so many bytes match; 0: none */
    int distance;    /* of the key, or of those */
    uint32_t looks;
} walk;

static bool inside(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The code point of the key at `at`, and the bytes behind it. */
static uint32_t cp_at(const walk *w, uint32_t at, uint32_t *behind)
{
    const char *p = (const char *)w->key + at;
    uint32_t cp = pc_utf8_next(&p, (const char *)w->key + w->len);
    *behind = (uint32_t)(p - (const char *)w->key);
    return cp;
}

/* The character before `at`, or START if there is none. */
static uint32_t before(const walk *w, uint32_t at)
{
    if (at > START)
        at--;
    while (at > START && inside(w->key[at]))
        at--;
    return at;
}

/* ---- where to go on ----------------------------------------------------- */

/* Takes the bytes of the first key that may match. */
static void aim(walk *w, const uint8_t *target, uint32_t len)
{
    uint32_t n = 0;
    while (n + 1 < len && n < w->len && target[n] == w->key[n])
        n++;
    w->dead = true;
    w->limit = w->len = n;
    w->least = target[n];
    w->target = pc_key_prefix((pc_str){(const char *)target, len});
}

/* The smallest code point of a key, from `cp` on, that `state` may go on
   with; more than PS_CP_MAX if there is none. */
static uint32_t next_cp(walk *w, uint32_t state, uint32_t cp)
{
    uint32_t plain = ps_dfa_next(w->dfa, state, cp);
    if (plain >= 0xD800 && plain < 0xE000) /* surrogates: in no key */
        plain = ps_dfa_next(w->dfa, state, 0xE000);
    if (plain < 0x80)
        return plain;
    uint32_t other = ps_key_fold_next(cp < 0x80 ? 0x80 : cp);
    return plain < other ? plain : other;
}

/* Nothing matches that begins with the first `at` bytes and goes on below
   `cp`: finds what may. False: nothing. */
static bool aim_behind(walk *w, uint32_t at, uint32_t cp)
{
    uint8_t target[PC_KEY_MAX + PC_UTF8_MAX];
    uint32_t ignored;
    for (;;) {
        cp = next_cp(w, w->states[at], cp);
        if (cp <= PS_CP_MAX)
            break;
        if (at == START)
            return false;
        at = before(w, at);
        cp = cp_at(w, at, &ignored) + 1;
    }
    memcpy(target, w->key, at);
    size_t n = pc_utf8_encode(cp, (char *)target + at);
    aim(w, target, at + (uint32_t)n);
    return true;
}

/* The same behind a character of ASCII, mostly without a search. */
static bool aim_ascii(walk *w, uint32_t at)
{
    const ps_dfa_state *s = ps_dfa_map(w->dfa, w->states[at]);
    uint32_t c = w->key[at] + 1u;
    if (!s || c > 127)
        return aim_behind(w, at, c);
    uint64_t bits = s->alive[c / 64] >> (c % 64);
    if (!bits && c < 64) {
        c = 64;
        bits = s->alive[1];
    }
    if (bits) {
        w->least = (uint8_t)(c + pc_ctz64(bits));
    } else {
        char bytes[PC_UTF8_MAX];
        uint32_t other = ps_key_fold_next(0x80);
        (void)pc_utf8_encode(s->wide < other ? s->wide : other, bytes);
        w->least = (uint8_t)bytes[0];
    }
    w->dead = true;
    w->limit = w->len = at;
    w->target = 0;
    if (at < 8) {
        w->target = pc_load64be(w->key) >> (64 - 8 * at) << (64 - 8 * at);
        w->target |= (uint64_t)w->least << (56 - 8 * at);
    } else {
        w->target = pc_load64be(w->key);
    }
    return true;
}

/* ---- reading a key ------------------------------------------------------ */

/* Steps over the character at `at`, above U+007F. */
static uint32_t step_wide(walk *w, uint32_t state, uint32_t at,
                          uint32_t *behind)
{
    uint32_t cp = cp_at(w, at, behind), last = 0, ignored;
    for (uint32_t i = at + 1; i < *behind; i++)
        w->states[i] = PS_DEAD;
    if (ps_key_fold_next(cp) != cp)
        return ps_dfa_step(w->dfa, state, cp);
    if (at > START)
        last = cp_at(w, before(w, at), &ignored);
    const ps_folded *to = ps_key_fold_cp(&w->fold, last, cp);
    for (uint32_t i = 0; i < to->n; i++) {
        state = ps_dfa_step(w->dfa, state, to->to[i]);
        if (state == PS_DEAD || state == PS_NO_STATE)
            break;
    }
    return state;
}

enum reading { READ, TOO_MANY_STATES, NO_MORE };

/* Reads the key from byte `at` on. */
static enum reading read_from(walk *w, uint32_t at)
{
    uint32_t state = w->states[at];
    w->dead = false;
    w->all = 0;
    while (!w->dfa->states[state].all && at < w->len) {
        uint32_t behind = at + 1, c = w->key[at];
        if (PC_LIKELY(c < 0x80))
            state = ps_dfa_step(w->dfa, state, c);
        else
            state = step_wide(w, state, at, &behind);
        if (state == PS_DEAD) {
            w->known = at;
            bool more = c < 0x80 ? aim_ascii(w, at)
                                 : aim_behind(w, at, cp_at(w, at, &behind) + 1);
            return more ? READ : NO_MORE;
        }
        if (PC_UNLIKELY(state == PS_NO_STATE))
            return TOO_MANY_STATES;
        w->states[at = behind] = state;
    }
    w->known = at;
    w->distance = w->dfa->states[state].distance;
    if (w->dfa->states[state].all)
        w->all = at;
    return READ;
}

static int read_again(walk *w, enum reading *how)
{
    ps_dfa_forget(w->dfa);
    w->states[START] = PS_START;
    if (!w->dfa->status)
        *how = read_from(w, START);
    if (w->dfa->status)
        return pc_fail_nomem(w->err);
    return *how == TOO_MANY_STATES
               ? pc_fail(w->err, PARASOL_INTERNAL, "an automaton has no room")
               : PARASOL_OK;
}

/* Whether a key that nothing can stop before its end ends as no match does. */
static bool ends_wrong(const walk *w, uint32_t state)
{
    uint8_t last = w->key[w->len - 1];
    return w->dfa->states[state].open && last < 128 &&
           !(w->dfa->machine->ends[last / 64] >> (last % 64) & 1);
}

/* Takes the key, which shares `shared` bytes with w->key. */
static int read_key(walk *w, uint32_t shared, const pc_termblock_key *key,
                    bool *over)
{
    uint32_t at = shared;
    /* Mostly short: both sides have room for more. */
    if (PC_LIKELY(key->rest_len <= 16))
        memcpy(w->key + key->shared, key->rest, 16);
    else
        memcpy(w->key + key->shared, key->rest, key->rest_len);
    w->len = key->shared + key->rest_len;
    if (w->all && shared >= w->all)
        return PARASOL_OK;
    if (at > w->known)
        at = w->known;
    while (at > START && at < w->len && inside(w->key[at]))
        at--;
    if (at < START)
        at = START;
    if (ends_wrong(w, w->states[at])) {
        w->known = at;
        w->dead = false;
        w->all = 0;
        w->distance = -1;
        return PARASOL_OK;
    }
    enum reading how = read_from(w, at);
    int rc = how == TOO_MANY_STATES ? read_again(w, &how) : PARASOL_OK;
    *over = how == NO_MORE;
    return rc;
}

static int damaged(const walk *w)
{
    return pc_fail(w->err, PARASOL_CORRUPT, "%s: the dictionary is damaged",
                   pc_sealed_path(w->dict->file));
}

/* An identifier (cve:2014-0160) or compound (cybersecurity-), which stand
   beside the words that a text has, or two of these. */
static bool stands_beside(pc_str word)
{
    return word.len > 0 && (word.ptr[word.len - 1] == '-' || pc_is_pair(word) ||
                            memchr(word.ptr, ':', word.len));
}

static int report(walk *w)
{
    pc_entry e;
    if (pc_termblock_entry(&w->block, w->key[0], &e))
        return damaged(w);
    if (!(e.flags & PC_ENTRY_FORM))
        return PARASOL_OK;
    pc_str word = {(const char *)w->key + START, w->len - START};
    if (stands_beside(word))
        return PARASOL_OK;
    w->dfa->work += PS_WALK_HIT;
    return w->params->hit(w->params->ctx, word, &e, w->distance);
}

/* ---- blocks ------------------------------------------------------------- */

/* Before the first key of the field. */
static void aim_field(walk *w)
{
    w->dead = true;
    w->all = 0;
    w->limit = w->len = 0;
    w->least = w->params->field;
    w->target = (uint64_t)w->params->field << 56;
}

/* The first key of a block, with what it shares with w->key as if it were
   stored so. False when it cannot match. */
static bool first_key(walk *w, pc_termblock_key *key, uint32_t *shared)
{
    uint32_t n = 0;
    while (n < w->len && n < key->rest_len && key->rest[n] == w->key[n])
        n++;
    *shared = n;
    if (key->rest[0] < w->params->field) {
        aim_field(w);
        return false;
    }
    return !w->dead || n < w->limit || n == key->rest_len ||
           key->rest[n] >= w->least;
}

/* Reads a block; *over when nothing behind can match. */
static int read_block(walk *w, bool *over)
{
    pc_termblock_key key;
    for (bool first = true;; first = false) {
        bool seek = w->dead && !first;
        int rc = pc_termblock_next_key(&w->block, seek ? w->limit : PC_KEY_MAX,
                                       seek ? w->least : 0, &key);
        if (rc == PARASOL_NOTFOUND)
            return PARASOL_OK;
        /* A key that shares what was not read does not belong here. */
        if (rc || key.shared > (first ? 0 : w->len))
            return damaged(w);
        uint32_t shared = key.shared;
        if (first && !first_key(w, &key, &shared))
            continue;
        *over = key.shared == 0 && key.rest[0] > w->params->field;
        if (*over)
            return PARASOL_OK;
        rc = read_key(w, shared, &key, over);
        if (!rc && !w->dead && w->distance >= 0 && !*over)
            rc = report(w);
        if (rc || *over || (w->dead && w->next_prefix < w->target))
            return rc;
    }
}

/* Whether a limit was reached; counts a block. */
static bool is_over(walk *w)
{
    const ps_walk_params *p = w->params;
    w->dfa->work += PS_WALK_BLOCK;
    if (w->dfa->work > p->work)
        return true;
    return p->deadline > 0 && w->looks++ % LOOKS == 0 &&
           pc_clock_now() >= p->deadline;
}

static int run(walk *w, bool *stopped)
{
    uint64_t block = 0, blocks = w->dict->blocks;
    bool over = false;
    int rc = PARASOL_OK;
    aim_field(w);
    while (!rc && !over && block < blocks) {
        *stopped = is_over(w);
        if (*stopped)
            break;
        if (w->dead)
            rc = pc_dict_skip(w->dict, block, w->target, &block, w->err);
        if (!rc)
            rc = pc_dict_block(w->dict, block++, &w->block, w->err);
        w->next_prefix = UINT64_MAX;
        if (!rc && block < blocks)
            rc = pc_dict_block_prefix(w->dict, block, &w->next_prefix, w->err);
        if (!rc)
            rc = read_block(w, &over);
    }
    if (!rc && w->fold.out.status)
        rc = pc_fail_nomem(w->err);
    return rc;
}

/* ---- acronyms in capitals ----------------------------------------------- */

/* The distance of a word of ASCII; negative: it does not match. */
static int distance_of(walk *w, pc_str word)
{
    ps_dfa *dfa = w->dfa;
    uint32_t state = PS_START;
    for (size_t i = 0; i < word.len && !dfa->states[state].all; i++) {
        uint32_t to = ps_dfa_step(dfa, state, (uint8_t)word.ptr[i]);
        if (to == PS_NO_STATE && !dfa->status) {
            ps_dfa_forget(dfa);
            return distance_of(w, word);
        }
        if (to == PS_NO_STATE || to == PS_DEAD)
            return -1;
        state = to;
    }
    return dfa->states[state].distance;
}

/* Patterns know no case, but these few forms keep theirs (US), far from where
   the walk looks for them. */
static int walk_capitals(walk *w)
{
    char form[8];
    pc_str word;
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && (word = pc_form_homograph(i)).len > 0; i++) {
        int distance = distance_of(w, word);
        pc_key key;
        pc_entry e;
        bool found = false;
        if (distance < 0 || word.len > sizeof form)
            continue;
        for (size_t k = 0; k < word.len; k++)
            form[k] = (char)(word.ptr[k] - 0x20);
        word.ptr = form;
        if (pc_key_make(&key, w->params->field, word))
            rc = pc_dict_find(w->dict, pc_key_str(&key), &found, &e, w->err);
        if (!rc && found && (e.flags & PC_ENTRY_FORM))
            rc = w->params->hit(w->params->ctx, word, &e, distance);
    }
    return !rc && w->dfa->status ? pc_fail_nomem(w->err) : rc;
}

int ps_dict_walk(const pc_dict *d, ps_dfa *dfa, const ps_walk_params *params,
                 bool *stopped, parasol_error *err)
{
    walk *w = pc_arena_zalloc(dfa->arena, 1, sizeof *w);
    if (!w)
        return pc_fail_nomem(err);
    w->dict = d;
    w->dfa = dfa;
    w->params = params;
    w->err = err;
    w->states[START] = PS_START;
    w->known = START;
    ps_key_fold_init(&w->fold, dfa->arena->mem);
    *stopped = false;
    int rc = run(w, stopped);
    if (!rc)
        rc = walk_capitals(w);
    ps_key_fold_release(&w->fold);
    return rc;
}
