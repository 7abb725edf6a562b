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
    pc_list_fetch(&view->seg->lists, &t->entries[i]);
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
    if (!stems || !t->stems)
        return !stems && !t->stems;
    for (uint32_t l = 0; l < p->snap->languages.n; l++)
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

/* A new term with stem and form copied, in one piece. NULL: no memory. */
static ps_plan_term *new_term(ps_terms *p, const pc_term *term,
                              const pc_str *stems, bool exact, uint8_t field)
{
    uint32_t segs = p->snap->n_views;
    size_t entries = sizeof(ps_plan_term), stem, form, bytes;
    size_t variants = entries + segs * sizeof(pc_entry);
    stem = variants + segs * sizeof(uint32_t);
    form = stem + term->stem.len;
    bytes = form + term->form.len;
    uint8_t *at = pc_arena_alloc(p->arena, bytes);
    if (!at)
        return NULL;
    ps_plan_term *t = (ps_plan_term *)(void *)at;
    *t = (ps_plan_term){.stems = stems, .exact = exact, .field = field};
    t->entries = (pc_entry *)(void *)(at + entries);
    t->variants = (uint32_t *)(void *)(at + variants);
    for (uint32_t i = 0; i < segs; i++) {
        t->entries[i].flags = 0;
        t->variants[i] = 0;
    }
    memcpy(at + stem, term->stem.ptr, term->stem.len);
    memcpy(at + form, term->form.ptr, term->form.len);
    t->stem = (pc_str){(char *)at + stem, term->stem.len};
    t->form = (pc_str){(char *)at + form, term->form.len};
    return t;
}

/* The term with those stems, looked up if it is new. */
static int get(ps_terms *p, const pc_term *term, const pc_str *stems,
               bool exact, uint8_t field, ps_plan_term **out)
{
    ps_plan_term *t = known_term(p, term, stems, exact, field);
    *out = t;
    if (t)
        return PARASOL_OK;
    *out = t = new_term(p, term, stems, exact, field);
    if (!t)
        return pc_fail_nomem(p->err);
    int rc = look_up(p, t);
    return rc ? rc : remember(p, t);
}

int ps_terms_get(ps_terms *p, const pc_term *term, uint8_t kind, bool exact,
                 uint8_t field, ps_plan_term **out)
{
    return ps_terms_get_only(p, term, kind, exact, field, 0, out);
}

int ps_terms_get_only(ps_terms *p, const pc_term *term, uint8_t kind,
                      bool exact, uint8_t field, uint8_t only,
                      ps_plan_term **out)
{
    pc_str *stems = NULL;
    if (p->snap->languages.n > 1 || only) {
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
        for (uint32_t l = 0; only && l < p->snap->languages.n; l++)
            if (p->snap->languages.v[l] + 1 != only)
                stems[l].len = 0;
        return get(p, &own, stems, exact, field, out);
    }
    return get(p, term, stems, exact, field, out);
}

int ps_terms_in(ps_terms *p, pc_str stem, uint32_t language, uint8_t field,
                ps_plan_term **out)
{
    const pc_term term = {stem, stem};
    if (p->snap->languages.n == 1)
        return get(p, &term, NULL, false, field, out);
    pc_str *stems =
        pc_arena_zalloc(p->arena, p->snap->languages.n, sizeof *stems);
    char *copy = pc_arena_copy(p->arena, stem.ptr, stem.len);
    if (!stems || !copy)
        return pc_fail_nomem(p->err);
    for (uint32_t l = 0; l < p->snap->languages.n; l++)
        stems[l] = (pc_str){copy, l == language ? stem.len : 0};
    return get(p, &term, stems, false, field, out);
}

/* ---- forms -------------------------------------------------------------- */

/* The stem that an entry of a form names. */
static int stem_of(ps_terms *p, pc_str form, const pc_form_info *f, pc_str *out)
{
    if (f->strip > form.len)
        return pc_fail(p->err, PARASOL_CORRUPT,
                       "the dictionary is damaged: \"%.*s\" is shorter than "
                       "what is to be taken off it",
                       PC_STR_ARG(form));
    size_t kept = form.len - f->strip;
    char *to = pc_arena_alloc(p->arena, kept + f->add.len + 1);
    if (!to)
        return pc_fail_nomem(p->err);
    memcpy(to, form.ptr, kept);
    if (f->add.len)
        memcpy(to + kept, f->add.ptr, f->add.len);
    *out = (pc_str){to, kept + f->add.len};
    return PARASOL_OK;
}

/* Adds what segment i knows of the form; *own, which is made when it is needed,
   gets its entries as a stem. */
static int take_form(ps_terms *p, ps_seen_form *f, uint32_t i,
                     ps_plan_term **own)
{
    pc_key key;
    pc_termblock_word w;
    const ps_view *view = &p->snap->views[i];
    if (!pc_key_make(&key, ps_view_field(view, f->field), f->form))
        return PARASOL_OK;
    int rc = pc_dict_find_word(&view->seg->dict, &key, '-', &w, p->err);
    if (rc)
        return rc;
    if (w.marked && (w.mark.flags & PC_ENTRY_FORM))
        f->hyphened += w.mark.form.df;
    f->found |= w.found;
    f->known |= w.found && (w.entry.flags & PC_ENTRY_FORM);
    if (w.found)
        f->spots[i] = w.spot;
    /* Each language has a stem of its own for it. */
    if (!w.found || p->snap->languages.n > 1)
        return PARASOL_OK;
    if ((w.entry.flags & PC_ENTRY_FORM) && f->stem.len == 0) {
        rc = stem_of(p, f->form, &w.entry.form, &f->stem);
        if (rc)
            return rc;
    }
    if (!(w.entry.flags & PC_ENTRY_TERM))
        return PARASOL_OK;
    if (!*own) {
        pc_term as_stem = {f->form, f->form};
        *own = new_term(p, &as_stem, NULL, false, f->field);
        if (!*own)
            return pc_fail_nomem(p->err);
    }
    (*own)->entries[i] = w.entry;
    pc_list_fetch(&view->seg->lists, &w.entry);
    (*own)->df += w.entry.df;
    return check_df(p, i, w.entry.df, view->seg->docs);
}

static ps_seen_form *new_form(ps_terms *p, pc_str form, uint8_t field)
{
    if (p->n_forms == p->cap_forms) {
        size_t cap = p->cap_forms ? 2 * p->cap_forms : 8;
        ps_seen_form *more = pc_arena_zalloc(p->arena, cap, sizeof *more);
        if (!more)
            return NULL;
        if (p->n_forms)
            memcpy(more, p->forms, p->n_forms * sizeof *more);
        p->forms = more;
        p->cap_forms = cap;
    }
    ps_seen_form *f = &p->forms[p->n_forms++];
    f->field = field;
    f->form.len = form.len;
    f->form.ptr = pc_arena_copy(p->arena, form.ptr, form.len);
    f->spots = pc_arena_zalloc(p->arena, p->snap->n_views, sizeof *f->spots);
    return f->form.ptr && f->spots ? f : NULL;
}

static const ps_seen_form *seen_form(const ps_terms *p, pc_str form,
                                     uint8_t field)
{
    for (size_t i = 0; i < p->n_forms; i++)
        if (p->forms[i].field == field && pc_str_eq(p->forms[i].form, form))
            return &p->forms[i];
    return NULL;
}

bool ps_terms_may_have(const ps_terms *p, pc_str word, size_t part,
                       uint8_t field)
{
    const ps_seen_form *f = seen_form(p, (pc_str){word.ptr, part}, field);
    for (uint32_t i = 0; f && i < p->snap->n_views; i++) {
        pc_key key;
        if (!pc_key_make(&key, ps_view_field(&p->snap->views[i], field), word))
            return false;
        if (pc_termblock_may_have(&f->spots[i], pc_key_str(&key), part + 1))
            return true;
    }
    return !f;
}

int ps_terms_form(ps_terms *p, pc_str form, uint8_t field,
                  const ps_seen_form **out)
{
    *out = seen_form(p, form, field);
    if (*out)
        return PARASOL_OK;
    pc_term as_stem = {form, form};
    ps_plan_term *own = NULL;
    ps_seen_form *f = new_form(p, form, field);
    if (!f)
        return pc_fail_nomem(p->err);
    *out = f;
    for (uint32_t i = 0; i < p->snap->n_views; i++) {
        int rc = take_form(p, f, i, &own);
        if (rc)
            return rc;
    }
    bool new_stem = own && pc_str_eq(f->stem, form) &&
                    !known_term(p, &as_stem, NULL, false, field);
    return new_stem ? remember(p, own) : PARASOL_OK;
}
