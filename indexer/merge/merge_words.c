/*
 * Many dictionaries as one: a heap of lanes, one for each field of a segment.
 */
#include "indexer/merge/merge_words.h"

#include "common/base/fail.h"

struct pi_words_lane {
    pc_dict_scan scan;
    const pc_seg *seg;
    pc_entry entry;
    char word[PC_KEY_MAX];
    size_t len;
    uint8_t field; /* in keys */
};

static pc_str lane_word(const pi_words_lane *l)
{
    return (pc_str){l->word, l->len};
}

static int damaged(const pi_words_lane *l, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s: the words of the dictionary are out of order",
                   pc_sealed_path(l->seg->file));
}

/* Goes to the lane's next word; *more says if there is one. */
static int advance(pi_words_lane *l, bool first, bool *more, parasol_error *err)
{
    pc_str key;
    int rc;
    *more = false;
    do {
        rc = pc_dict_scan_next(&l->scan, &l->entry, err);
        if (rc)
            return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
        key = (pc_str){(const char *)l->scan.block.key, l->scan.block.key_len};
        if (key.len < 2 ||
            (uint8_t)key.ptr[0] >= PC_FIELD_COUNT * l->seg->languages.n)
            return damaged(l, err);
    } while (first && (uint8_t)key.ptr[0] < l->field);
    if ((uint8_t)key.ptr[0] != l->field)
        return (uint8_t)key.ptr[0] > l->field ? PARASOL_OK : damaged(l, err);
    pc_str word = {key.ptr + 1, key.len - 1};
    if (!first && pc_str_cmp(lane_word(l), word) >= 0)
        return damaged(l, err);
    memcpy(l->word, word.ptr, word.len);
    l->len = word.len;
    *more = true;
    return PARASOL_OK;
}

/* The last block that begins before the field does. */
static uint64_t first_block(const pc_dict *d, uint8_t field)
{
    uint64_t lo = 0, hi = d->blocks;
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2;
        if (pc_load64le(d->prefixes + 8 * mid) >> 56 < field)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > 0 ? lo - 1 : 0;
}

/* ---- heap --------------------------------------------------------------- */

/* Equal words come in the order of the lanes. */
static bool before(const pi_words *w, uint32_t a, uint32_t b)
{
    int cmp = pc_str_cmp(lane_word(&w->lanes[a]), lane_word(&w->lanes[b]));
    return cmp ? cmp < 0 : a < b;
}

static void sift_down(pi_words *w, size_t i)
{
    uint32_t x = w->heap[i];
    for (size_t child = 2 * i + 1; child < w->n_heap; child = 2 * i + 1) {
        if (child + 1 < w->n_heap &&
            before(w, w->heap[child + 1], w->heap[child]))
            child++;
        if (!before(w, w->heap[child], x))
            break;
        w->heap[i] = w->heap[child];
        i = child;
    }
    w->heap[i] = x;
}

/* ---- the scan ----------------------------------------------------------- */

static int start_lane(pi_words *w, uint32_t i, const pc_seg *seg,
                      pc_str language, parasol_error *err)
{
    pi_words_lane *l = &w->lanes[i];
    uint32_t number = pc_seg_languages_find(&seg->languages, language);
    bool more;
    l->seg = seg;
    if (number == seg->languages.n)
        return PARASOL_OK;
    l->field = pc_language_field(number, (uint8_t)(i % PC_FIELD_COUNT));
    pc_dict_scan_init(&l->scan, &seg->dict);
    int rc = pc_sealed_need(seg->file, seg->dict.prefixes,
                            (size_t)seg->dict.blocks * 8, err);
    if (rc)
        return rc;
    l->scan.next_block = first_block(&seg->dict, l->field);
    rc = advance(l, true, &more, err);
    if (!rc && more)
        w->heap[w->n_heap++] = i;
    return rc;
}

int pi_words_init(pi_words *w, const pc_seg *const *segs, size_t n,
                  pc_str language, const pc_mem *mem, parasol_error *err)
{
    size_t lanes = n * PC_FIELD_COUNT;
    *w = (pi_words){.mem = mem, .n_segs = n};
    w->lanes = pc_zalloc(mem, lanes, sizeof *w->lanes);
    w->heap = pc_zalloc(mem, lanes, sizeof *w->heap);
    w->entries = pc_zalloc(mem, lanes, sizeof(pc_entry *));
    w->present = pc_zalloc(mem, lanes, sizeof *w->present);
    if (!w->lanes || !w->heap || !w->entries || !w->present)
        return pc_fail_nomem(err);
    int rc = PARASOL_OK;
    for (uint32_t i = 0; !rc && i < lanes; i++)
        rc = start_lane(w, i, segs[i / PC_FIELD_COUNT], language, err);
    for (size_t i = w->n_heap / 2; i-- > 0;)
        sift_down(w, i);
    return rc;
}

void pi_words_release(pi_words *w)
{
    pc_free(w->mem, w->lanes);
    pc_free(w->mem, w->heap);
    pc_free(w->mem, w->entries);
    pc_free(w->mem, w->present);
    *w = (pi_words){.mem = w->mem};
}

/* Moves the lanes of the current word on. */
static int leave_word(pi_words *w, parasol_error *err)
{
    for (size_t i = 0; i < w->n_present; i++) {
        bool more;
        uint32_t lane = w->present[i];
        w->entries[lane] = NULL;
        int rc = advance(&w->lanes[lane], false, &more, err);
        if (rc)
            return rc;
        if (!more)
            continue;
        size_t at = w->n_heap++;
        for (; at > 0 && before(w, lane, w->heap[(at - 1) / 2]);
             at = (at - 1) / 2)
            w->heap[at] = w->heap[(at - 1) / 2];
        w->heap[at] = lane;
    }
    w->n_present = 0;
    return PARASOL_OK;
}

int pi_words_next(pi_words *w, parasol_error *err)
{
    int rc = leave_word(w, err);
    if (rc)
        return rc;
    if (w->n_heap == 0)
        return PARASOL_NOTFOUND;
    const pi_words_lane *first = &w->lanes[w->heap[0]];
    memcpy(w->bytes, first->word, first->len);
    w->word = (pc_str){w->bytes, first->len};
    while (w->n_heap > 0 &&
           pc_str_eq(lane_word(&w->lanes[w->heap[0]]), w->word)) {
        uint32_t lane = w->heap[0];
        w->present[w->n_present++] = lane;
        w->entries[lane] = &w->lanes[lane].entry;
        w->heap[0] = w->heap[--w->n_heap];
        if (w->n_heap > 0)
            sift_down(w, 0);
    }
    return PARASOL_OK;
}
