/*
 * Looking up terms.
 */
#include "searcher/plan/term.h"

#include "common/base/fail.h"

/* ---- terms -------------------------------------------------------------- */

/* A word cannot be in more documents than there are; weights rely on it. */
static int check_df(const ps_terms *p, uint32_t i, uint32_t df, uint32_t limit)
{
    if (df <= limit)
        return PARASOL_OK;
    return pc_fail(p->err, PARASOL_CORRUPT,
                   "%s: the dictionary is damaged: a word is in %u of %u "
                   "documents",
                   pc_sealed_path(p->snap->views[i].seg->file), df, limit);
}

/* Finds the variant number of the term's form in segment i. */
static int find_variant(ps_terms *p, ps_plan_term *t, uint32_t i)
{
    pc_key key;
    pc_entry e;
    bool found = false;
    const ps_view *view = &p->snap->views[i];
    uint8_t field = ps_view_field(view, t->field);
    t->entries[i].flags = 0;
    if (!pc_key_make(&key, field, t->form))
        return PARASOL_OK;
    const pc_seg *seg = view->seg;
    int rc = pc_dict_find(&seg->dict, pc_key_str(&key), &found, &e, p->err);
    if (rc || !found || !(e.flags & PC_ENTRY_FORM))
        return rc;
    pc_entry stem;
    if (!pc_key_make(&key, field, ps_term_stem(t, view->language)))
        return PARASOL_OK;
    rc = pc_dict_find(&seg->dict, pc_key_str(&key), &found, &stem, p->err);
    if (rc || !found || !(stem.flags & PC_ENTRY_TERM))
        return rc;
    t->entries[i] = stem;
    t->variants[i] = e.form.variant;
    t->df += e.form.df;
    rc = check_df(p, i, e.form.df, stem.df);
    return rc ? rc : check_df(p, i, stem.df, seg->docs);
}

static int find_stem(ps_terms *p, ps_plan_term *t, uint32_t i)
{
    pc_key key;
    bool found = false;
    const ps_view *view = &p->snap->views[i];
    if (!pc_key_make(&key, ps_view_field(view, t->field),
                     ps_term_stem(t, view->language)))
        return PARASOL_OK;
    int rc = pc_dict_find(&view->seg->dict, pc_key_str(&key), &found,
                          &t->entries[i], p->err);
    if (rc || !found || !(t->entries[i].flags & PC_ENTRY_TERM)) {
        t->entries[i].flags = 0;
        return rc;
    }
    t->df += t->entries[i].df;
    return check_df(p, i, t->entries[i].df, view->seg->docs);
}

static int look_up(ps_terms *p, ps_plan_term *t)
{
    for (uint32_t i = 0; i < p->snap->n_views; i++) {
        int rc = t->exact ? find_variant(p, t, i) : find_stem(p, t, i);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* Do the languages make the same stems of it? */
static bool same_stems(const ps_terms *p, const ps_plan_term *t,
                       const pc_str *stems)
{
    for (uint32_t l = 0; stems && l < p->snap->languages.n; l++)
        if (!pc_str_eq(t->stems[l], stems[l]))
            return false;
    return true;
}

static ps_plan_term *known_term(const ps_terms *p, const pc_term *term,
                                const pc_str *stems, bool exact, uint8_t field)
{
    for (size_t i = 0; i < p->n; i++) {
        ps_plan_term *t = p->v[i];
        if (t->exact == exact && t->field == field &&
            pc_str_eq(t->stem, term->stem) &&
            (!exact || pc_str_eq(t->form, term->form)) &&
            same_stems(p, t, stems))
            return t;
    }
    return NULL;
}

int ps_terms_stems(const ps_terms *p, pc_str form, uint8_t kind, pc_str *stems)
{
    const ps_languages *l = &p->snap->languages;
    uint8_t before = pc_analyzer_in_use(p->analyzer);
    int rc = PARASOL_OK;
    for (uint32_t i = 0; !rc && i < l->n; i++) {
        pc_str stem = {"", 0};
        rc = pc_analyzer_use(p->analyzer, l->v[i]);
        if (!rc)
            rc = pc_analyzer_stem(p->analyzer, form, kind, &stem);
        stems[i].ptr = pc_arena_copy(p->arena, stem.ptr, stem.len);
        stems[i].len = stem.len;
        if (!stems[i].ptr)
            rc = PARASOL_NOMEM;
    }
    if (pc_analyzer_use(p->analyzer, before))
        rc = PARASOL_NOMEM;
    return rc ? pc_fail_nomem(p->err) : PARASOL_OK;
}

static int remember(ps_terms *p, ps_plan_term *t)
{
    if (p->n == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : 16;
        ps_plan_term **more = pc_arena_zalloc(p->arena, cap, sizeof *more);
        if (!more)
            return pc_fail_nomem(p->err);
        if (p->n)
            memcpy(more, p->v, p->n * sizeof *more);
        p->v = more;
        p->cap = cap;
    }
    p->v[p->n++] = t;
    return PARASOL_OK;
}

/* The term with those stems, looked up if it is new. */
static int get(ps_terms *p, const pc_term *term, const pc_str *stems,
               bool exact, uint8_t field, ps_plan_term **out)
{
    ps_plan_term *t = known_term(p, term, stems, exact, field);
    *out = t;
    if (t)
        return PARASOL_OK;
    uint32_t views = p->snap->n_views;
    *out = t = pc_arena_zalloc(p->arena, 1, sizeof *t);
    if (!t)
        return pc_fail_nomem(p->err);
    t->exact = exact;
    t->field = field;
    t->stems = stems;
    t->stem.len = term->stem.len;
    t->form.len = term->form.len;
    t->stem.ptr = pc_arena_copy(p->arena, term->stem.ptr, term->stem.len);
    t->form.ptr = pc_arena_copy(p->arena, term->form.ptr, term->form.len);
    t->entries = pc_arena_zalloc(p->arena, views, sizeof *t->entries);
    t->variants = pc_arena_zalloc(p->arena, views, sizeof *t->variants);
    if (!t->stem.ptr || !t->form.ptr || !t->entries || !t->variants)
        return pc_fail_nomem(p->err);
    int rc = look_up(p, t);
    return rc ? rc : remember(p, t);
}

int ps_terms_get(ps_terms *p, const pc_term *term, uint8_t kind, bool exact,
                 uint8_t field, ps_plan_term **out)
{
    pc_str *stems = NULL;
    if (p->snap->languages.n > 1) {
        /* What `term` has may be the analyzer's. */
        pc_term own = *term;
        own.form.ptr = pc_arena_copy(p->arena, own.form.ptr, own.form.len);
        own.stem.ptr = pc_arena_copy(p->arena, own.stem.ptr, own.stem.len);
        stems = pc_arena_zalloc(p->arena, p->snap->languages.n, sizeof *stems);
        if (!own.form.ptr || !own.stem.ptr || !stems)
            return pc_fail_nomem(p->err);
        int rc = ps_terms_stems(p, own.form, kind, stems);
        if (rc)
            return rc;
        return get(p, &own, stems, exact, field, out);
    }
    return get(p, term, stems, exact, field, out);
}
