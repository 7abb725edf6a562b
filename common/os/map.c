/*
 * Read-only mapping of files.
 */
#include "common/os/map.h"

#include <errno.h>
#include <sys/mman.h>

#include "common/base/fail.h"
#include "common/os/file.h"

int pc_map_open(pc_map *out, const char *path, parasol_error *err)
{
    int fd = -1;
    uint64_t size = 0;
    void *p;
    int rc = pc_file_open(&fd, path, err);
    if (rc)
        goto out;
    rc = pc_file_size(fd, &size, path, err);
    if (rc)
        goto out;
    if (size == 0) { /* mmap refuses a length of 0 */
        *out = (pc_map){NULL, 0};
        goto out;
    }
    p = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        rc = pc_fail_os(err, errno, "cannot map %s", path);
    else
        *out = (pc_map){p, (size_t)size};
out:
    pc_file_close(fd); /* the mapping does not need it */
    return rc;
}

/* Drops the const that the map promises to its users; the system's own
   functions want the address as mmap gave it. */
static void *address_of(const pc_map *map)
{
    return (void *)(uintptr_t)map->ptr;
}

void pc_map_read_ahead(const pc_map *map)
{
    if (map->ptr)
        (void)posix_madvise(address_of(map), map->len, POSIX_MADV_SEQUENTIAL);
}

void pc_map_close(pc_map *map)
{
    if (map->ptr)
        (void)munmap(address_of(map), map->len);
    *map = (pc_map){NULL, 0};
}
