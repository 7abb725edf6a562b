/*
 * Words that only dead documents hold stay in the dictionary until a merge.
 */
#include "searcher/expand/word_alive.h"

/* The key of the word's stem, of which `e` is a form. False: the entry lies. */
static bool make_stem(pc_key *key, uint8_t field, pc_str word,
                      const pc_entry *e)
{
    char stem[2 * PC_KEY_MAX];
    size_t kept = word.len - e->form.strip;
    if (e->form.strip > word.len || kept + e->form.add.len > sizeof stem)
        return false;
    memcpy(stem, word.ptr, kept);
    if (e->form.add.len > 0)
        memcpy(stem + kept, e->form.add.ptr, e->form.add.len);
    return pc_key_make(key, field, (pc_str){stem, kept + e->form.add.len});
}

/* The term of the word's stem in a segment; term->flags 0: it has none. */
static int find_term(const pc_seg *seg, uint8_t field, pc_str word,
                     pc_entry *term, parasol_error *err)
{
    pc_key key;
    bool found = false;
    term->flags = 0;
    if (!pc_key_make(&key, field, word))
        return PARASOL_OK;
    int rc = pc_dict_find(&seg->dict, pc_key_str(&key), &found, term, err);
    /* A form that is its own stem is a term, too. */
    if (!rc && found && !(term->flags & PC_ENTRY_SOLE) &&
        (term->flags & PC_ENTRY_FORM)) {
        pc_entry form = *term;
        found = make_stem(&key, field, word, &form);
        if (found)
            rc = pc_dict_find(&seg->dict, pc_key_str(&key), &found, term, err);
    }
    if (rc || !found || !(term->flags & PC_ENTRY_TERM))
        term->flags = 0;
    return rc;
}

static int list_is_alive(const pc_seg *seg, const pc_live *live,
                         const pc_entry *term, bool *alive, parasol_error *err)
{
    pc_list list;
    uint32_t ids[PC_BLOCK_ROOM];
    int rc = pc_list_open(&list, &seg->lists, term, err);
    for (uint32_t b = 0; !rc && !*alive && b < list.blocks; b++) {
        rc = pc_list_ids(&list, b, ids, err);
        for (uint32_t i = 0; !rc && i < pc_list_block_len(&list, b); i++)
            *alive = *alive || pc_live_has(live, ids[i]);
    }
    return rc;
}

int ps_word_is_alive(const ps_snapshot *snap, uint8_t field, pc_str word,
                     bool *alive, parasol_error *err)
{
    *alive = snap->dead == 0;
    for (uint32_t i = 0; !*alive && i < snap->n_views; i++) {
        pc_entry term;
        const ps_view *view = &snap->views[i];
        const pc_live *live = &snap->live[view->segment];
        int rc =
            find_term(view->seg, ps_view_field(view, field), word, &term, err);
        if (!rc && term.flags)
            *alive = term.df > live->dead;
        if (!rc && term.flags && !*alive)
            rc = list_is_alive(view->seg, live, &term, alive, err);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}
