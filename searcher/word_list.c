/*
 * The public face of the dictionary: words that match a pattern.
 */
#include <parasol/searcher.h>

#include "common/base/fail.h"
#include "searcher/expand/lister.h"
#include "searcher/searcher_internal.h"

/* Lives in the context's arena. */
struct parasol_words {
    parasol_searcher *searcher;
    ps_context *context;
    ps_word_list list;
};

#define NO_PATTERN UINT8_MAX /* acronyms */

static int read_options(ps_pattern *pattern, uint32_t *limit,
                        const parasol_words_options *given, parasol_error *err)
{
    static const uint8_t kinds[] = {[PARASOL_WORDS_PREFIX] = PS_PATTERN_PREFIX,
                                    [PARASOL_WORDS_WILDCARD] =
                                        PS_PATTERN_WILDCARD,
                                    [PARASOL_WORDS_FUZZY] = PS_PATTERN_FUZZY,
                                    [PARASOL_WORDS_REGEX] = PS_PATTERN_REGEX,
                                    [PARASOL_WORDS_ACRONYMS] = NO_PATTERN};
    parasol_words_options o = PARASOL_WORDS_OPTIONS_INIT;
    if (given)
        memcpy(&o, given,
               given->struct_size < sizeof o ? given->struct_size : sizeof o);
    if (o.kind < 0 || (size_t)o.kind >= PC_COUNTOF(kinds))
        return pc_fail(err, PARASOL_ARG, "there is no such kind of pattern");
    if (o.distance > PS_FUZZY_DISTANCE_MAX)
        return pc_fail(err, PARASOL_ARG, "the distance must be from 0 to %u",
                       PS_FUZZY_DISTANCE_MAX);
    pattern->kind = kinds[o.kind];
    pattern->distance = (uint8_t)o.distance;
    *limit = o.limit < UINT32_MAX ? (uint32_t)o.limit : UINT32_MAX;
    return PARASOL_OK;
}

int parasol_words_find(parasol_words **out, parasol_searcher *s,
                       const char *pattern, size_t len,
                       const parasol_words_options *options, parasol_error *err)
{
    ps_context *c;
    ps_pattern p = {.text = {pattern, len}};
    uint32_t limit = 0;
    int rc = read_options(&p, &limit, options, err);
    if (!rc)
        rc = ps_take_context(s, &c, err);
    if (rc)
        return rc;
    parasol_words *w = pc_arena_zalloc(&c->arena, 1, sizeof *w);
    if (!w)
        rc = pc_fail_nomem(err);
    else if (p.kind == NO_PATTERN)
        rc = ps_list_acronyms(&w->list, c->snap, p.text, PC_FIELD_TEXT, limit,
                              &c->arena, err);
    else
        rc = ps_list_words(&w->list, c->snap, &p, PC_FIELD_TEXT, limit,
                           &c->arena, err);
    if (rc) {
        ps_give_context(s, c);
        return rc;
    }
    w->searcher = s;
    w->context = c;
    *out = w;
    return PARASOL_OK;
}

void parasol_words_free(parasol_words *w)
{
    if (w)
        ps_give_context(w->searcher, w->context);
}

size_t parasol_words_count(const parasol_words *w)
{
    return w->list.n;
}

uint64_t parasol_words_matched(const parasol_words *w)
{
    return w->list.matched;
}

int parasol_words_complete(const parasol_words *w)
{
    return !w->list.stopped;
}

parasol_word parasol_words_get(const parasol_words *w, size_t i)
{
    const ps_word *x = &w->list.items[i];
    return (parasol_word){
        {x->text.ptr, x->text.len}, x->df, x->ctf, x->distance};
}
