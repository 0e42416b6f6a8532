/* The equations of quakeview/simulation/waves/kernels.py as one would write them in plain C: the same arrays, the same
   O(2,4) differences, free surface and coarse-grained Q; no absorbing layers. One fused loop along each row. */

#include <stddef.h>

#define C1 (9.0f / 8.0f)
#define C2 (-1.0f / 24.0f)

/* Difference half a cell after (up) or before (down) p, d apart. */
static inline float up(const float *restrict p, ptrdiff_t d) { return C1 * (p[d] - p[0]) + C2 * (p[2 * d] - p[-d]); }
static inline float down(const float *restrict p, ptrdiff_t d) { return C1 * (p[0] - p[-d]) + C2 * (p[d] - p[-2 * d]); }

void velocity(int nz, int ny, int nx, int threads, float *const *v, const float *const *s, const float *const *buoyancy)
{
    const ptrdiff_t row = nx + 4, plane = row * (ny + 4);
#pragma omp parallel for num_threads(threads)
    for (int k = 0; k < nz; k++)
        for (int j = 0; j < ny; j++) {
            const ptrdiff_t n = (k + 2) * plane + (j + 2) * row + 2;
            float *restrict vx = v[0] + n, *restrict vy = v[1] + n, *restrict vz = v[2] + n;
            const float *restrict sxx = s[0] + n, *restrict syy = s[1] + n, *restrict szz = s[2] + n;
            const float *restrict sxy = s[3] + n, *restrict sxz = s[4] + n, *restrict syz = s[5] + n;
            const float *restrict bx = buoyancy[0] + n, *restrict by = buoyancy[1] + n, *restrict bz = buoyancy[2] + n;
#pragma omp simd
            for (int i = 0; i < nx; i++) {
                vx[i] += bx[i] * (up(sxx + i, 1) + down(sxy + i, row) + down(sxz + i, plane));
                vy[i] += by[i] * (down(sxy + i, 1) + up(syy + i, row) + down(syz + i, plane));
                vz[i] += bz[i] * (down(sxz + i, 1) + down(syz + i, row) + up(szz + i, plane));
            }
        }
}

static inline void relax(float *restrict s, float *restrict memory, float loss, float decay, float gain)
{
    const float old = *memory;
    *memory = decay * old + gain * loss;
    *s -= 0.5f * (old + *memory);
}

void stress(int nz, int ny, int nx, int threads, const float *const *v, float *const *s, const float *const *moduli,
            float *relaxing, const float *const *inverse_q, const float *relax_decay, const float *relax_gain)
{
    const ptrdiff_t row = nx + 4, plane = row * (ny + 4), points = (ptrdiff_t)nz * ny * nx;
    const int attenuating = relaxing != NULL;
#pragma omp parallel for num_threads(threads)
    for (int k = 0; k < nz; k++)
        for (int j = 0; j < ny; j++) {
            const ptrdiff_t n = (k + 2) * plane + (j + 2) * row + 2;
            const float *restrict vx = v[0] + n, *restrict vy = v[1] + n, *restrict vz = v[2] + n;
            float *restrict sxx = s[0] + n, *restrict syy = s[1] + n, *restrict szz = s[2] + n;
            float *restrict sxy = s[3] + n, *restrict sxz = s[4] + n, *restrict syz = s[5] + n;
            const float *restrict lam = moduli[0] + n, *restrict mu = moduli[1] + n;
            const float *restrict mu_xy = moduli[2] + n, *restrict mu_xz = moduli[3] + n, *restrict mu_yz = moduli[4] + n;
            const float free = k == 0 ? 1.0f : 0.0f;
            if (!attenuating) {
#pragma omp simd
                for (int i = 0; i < nx; i++) {
                    const float dxx = down(vx + i, 1), dyy = down(vy + i, row);
                    const float dzz = free ? -lam[i] / (lam[i] + 2 * mu[i]) * (dxx + dyy) : down(vz + i, plane);
                    const float dilatation = lam[i] * (dxx + dyy + dzz);
                    sxx[i] += dilatation + 2 * mu[i] * dxx;
                    syy[i] += dilatation + 2 * mu[i] * dyy;
                    szz[i] += dilatation + 2 * mu[i] * dzz;
                    sxy[i] += mu_xy[i] * (up(vy + i, 1) + up(vx + i, row));
                    sxz[i] += mu_xz[i] * (up(vz + i, 1) + up(vx + i, plane));
                    syz[i] += mu_yz[i] * (up(vz + i, row) + up(vy + i, plane));
                }
                continue;
            }
            const float *restrict qp = inverse_q[0] + n, *restrict qs = inverse_q[1] + n;
            const float *restrict decay = relax_decay + (2 * (k % 2) + j % 2) * nx;
            const float *restrict gain = relax_gain + (2 * (k % 2) + j % 2) * nx;
            float *restrict rxx = relaxing + ((ptrdiff_t)k * ny + j) * nx, *restrict ryy = rxx + points;
            float *restrict rzz = ryy + points, *restrict rxy = rzz + points;
            float *restrict rxz = rxy + points, *restrict ryz = rxz + points;
#pragma omp simd
            for (int i = 0; i < nx; i++) {
                const float dxx = down(vx + i, 1), dyy = down(vy + i, row);
                const float dzz = free ? -lam[i] / (lam[i] + 2 * mu[i]) * (dxx + dyy) : down(vz + i, plane);
                const float trace = dxx + dyy + dzz, dilatation = lam[i] * trace;
                const float beta = 2 * mu[i] * qs[i], lost = ((lam[i] + 2 * mu[i]) * qp[i] - beta) * trace;
                sxx[i] += dilatation + 2 * mu[i] * dxx;
                syy[i] += dilatation + 2 * mu[i] * dyy;
                szz[i] += dilatation + 2 * mu[i] * dzz;
                relax(sxx + i, rxx + i, lost + beta * dxx, decay[i], gain[i]);
                relax(syy + i, ryy + i, lost + beta * dyy, decay[i], gain[i]);
                relax(szz + i, rzz + i, lost + beta * dzz, decay[i], gain[i]);
                const float xy = mu_xy[i] * (up(vy + i, 1) + up(vx + i, row));
                const float xz = mu_xz[i] * (up(vz + i, 1) + up(vx + i, plane));
                const float yz = mu_yz[i] * (up(vz + i, row) + up(vy + i, plane));
                sxy[i] += xy;
                sxz[i] += xz;
                syz[i] += yz;
                relax(sxy + i, rxy + i, qs[i] * xy, decay[i], gain[i]);
                relax(sxz + i, rxz + i, qs[i] * xz, decay[i], gain[i]);
                relax(syz + i, ryz + i, qs[i] * yz, decay[i], gain[i]);
            }
        }
}
