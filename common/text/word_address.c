/*
 * Marks of a chain say where an address may be; address.h says whether.
 */
#include "common/text/word_address.h"

#include "common/text/address.h"

static bool find_mail(pc_str text, const pc_chain *c, pc_chain_place *out)
{
    size_t start, end;
    uint32_t i = 1;
    while (i < c->n && c->v[i].mark != '@')
        i++;
    if (i >= c->n || !pc_address_mail(text, c->v[i].start - 1, &start, &end))
        return false;
    *out = (pc_chain_place){(uint32_t)start, (uint32_t)end, i};
    return true;
}

bool pc_chain_address(pc_str text, const pc_chain *c, pc_chain_place *out)
{
    const pc_part *first = &c->v[0], *last = &c->v[c->n - 1];
    bool colon = last->end < text.len && text.ptr[last->end] == ':';
    bool dot = c->n > 1 && c->v[1].mark == '.', path = false;
    for (uint32_t i = 2; dot && i < c->n; i++)
        path |= c->v[i].mark == '/';
    size_t end = 0;
    *out = (pc_chain_place){last->start, 0, c->n - 1};
    if (find_mail(text, c, out))
        return true;
    if (colon && text.len - last->end > 3 && text.ptr[last->end + 1] == '/')
        end = pc_address_web(text, last->start);
    else if (colon)
        end = pc_address_ip6(text, last->start);
    else if (dot && (path || (text.ptr[first->start] | 0x20) == 'w')) {
        *out = (pc_chain_place){first->start, 0, 0};
        end = pc_address_web(text, first->start);
    }
    out->end = (uint32_t)end;
    return end > 0;
}
