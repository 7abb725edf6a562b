/*
 * Prefixes, wildcards and fuzzy words to machines.
 */
#include "searcher/expand/pattern.h"

#include "common/base/fail.h"
#include "searcher/expand/glushkov.h"
#include "searcher/expand/key_fold.h"

static int too_large(parasol_error *err)
{
    return pc_fail_at(err, PARASOL_QUERY, 0,
                      "the pattern has more than %u places", PS_POSITIONS_MAX);
}

static int finish(const ps_machine **out, ps_positions *p,
                  const ps_fragment *all, parasol_error *err)
{
    if (p->too_large)
        return too_large(err);
    *out = ps_positions_machine(p, all);
    return *out ? PARASOL_OK : pc_fail_nomem(err);
}

/* `all`, followed by the text. */
static int add_text(ps_positions *p, ps_fragment *all, pc_str text,
                    parasol_error *err)
{
    uint32_t *cps, n;
    if (text.len == 0)
        return PARASOL_OK;
    if (ps_fold_text(text, p->arena->mem, p->arena, &cps, &n))
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < n && !p->too_large; i++) {
        ps_fragment one = ps_place(p);
        ps_place_add(p, cps[i], cps[i]);
        *all = ps_concat(p, all, &one);
    }
    return PARASOL_OK;
}

static void add_any(ps_positions *p, ps_fragment *all, bool many)
{
    ps_fragment one = ps_place(p);
    ps_place_add(p, 0, PS_CP_MAX);
    if (many) {
        one = ps_repeat(p, &one);
        one.nullable = true;
    }
    *all = ps_concat(p, all, &one);
}

static int compile_prefix(const ps_machine **out, pc_str text, pc_arena *arena,
                          parasol_error *err)
{
    ps_positions p;
    ps_fragment all = ps_empty();
    if (ps_positions_init(&p, arena))
        return pc_fail_nomem(err);
    int rc = add_text(&p, &all, text, err);
    if (rc)
        return rc;
    add_any(&p, &all, true);
    return finish(out, &p, &all, err);
}

static bool is_escape(pc_str text, size_t i)
{
    return text.ptr[i] == '\\' && i + 1 < text.len &&
           (text.ptr[i + 1] == '*' || text.ptr[i + 1] == '?' ||
            text.ptr[i + 1] == '\\');
}

static int compile_wildcard(const ps_machine **out, pc_str text,
                            pc_arena *arena, parasol_error *err)
{
    ps_positions p;
    ps_fragment all = ps_empty();
    if (ps_positions_init(&p, arena))
        return pc_fail_nomem(err);
    int rc = PARASOL_OK;
    size_t from = 0; /* of the text not added yet */
    bool star = false;
    for (size_t i = 0; i < text.len && !rc; i++) {
        char c = text.ptr[i];
        bool escape = is_escape(text, i);
        if (c != '*' && c != '?' && !escape)
            continue;
        rc = add_text(&p, &all, (pc_str){text.ptr + from, i - from}, err);
        star = star && i == from; /* ** means no more than * */
        if (!escape && !(star && c == '*'))
            add_any(&p, &all, c == '*');
        star = !escape && c == '*';
        from = i + 1;
        i += escape;
    }
    if (!rc)
        rc =
            add_text(&p, &all, (pc_str){text.ptr + from, text.len - from}, err);
    return rc ? rc : finish(out, &p, &all, err);
}

uint32_t ps_fuzzy_distance(const uint32_t *word, uint32_t n, uint32_t wanted)
{
    if (n > PS_FUZZY_MAX)
        return 0;
    for (uint32_t i = 0; i < n; i++)
        if (word[i] >= '0' && word[i] <= '9')
            return 0;
    if (wanted > PS_FUZZY_DISTANCE_MAX)
        wanted = PS_FUZZY_DISTANCE_MAX;
    return n > wanted ? wanted : n ? n - 1 : 0;
}

static int compile_fuzzy(const ps_machine **out, const ps_pattern *pattern,
                         pc_arena *arena, parasol_error *err)
{
    uint32_t *cps, n;
    if (ps_fold_text(pattern->text, arena->mem, arena, &cps, &n))
        return pc_fail_nomem(err);
    uint32_t distance = ps_fuzzy_distance(cps, n, pattern->distance);
    if (distance > 0) {
        *out = ps_fuzzy_machine(cps, n, distance, arena);
        return *out ? PARASOL_OK : pc_fail_nomem(err);
    }
    ps_positions p;
    ps_fragment all = ps_empty();
    if (ps_positions_init(&p, arena))
        return pc_fail_nomem(err);
    int rc = add_text(&p, &all, pattern->text, err);
    return rc ? rc : finish(out, &p, &all, err);
}

int ps_pattern_compile(const ps_machine **out, const ps_pattern *p,
                       pc_arena *arena, parasol_error *err)
{
    switch ((enum ps_pattern_kind)p->kind) {
    case PS_PATTERN_PREFIX: return compile_prefix(out, p->text, arena, err);
    case PS_PATTERN_WILDCARD: return compile_wildcard(out, p->text, arena, err);
    case PS_PATTERN_FUZZY: return compile_fuzzy(out, p, arena, err);
    case PS_PATTERN_REGEX: return ps_regex_compile(out, p->text, arena, err);
    }
    return pc_fail(err, PARASOL_INTERNAL, "there is no such pattern");
}
