import type { Some } from './types.ts'
import { panorama, panoramaSearch, workbench } from './workbench/index.ts'

export const work: Some<'workbench' | 'panorama' | 'findPanorama'> = {
  workbench: (ctx) => workbench(ctx),
  panorama: (ctx, { params }) => panorama(ctx, params.id.toLowerCase()),
  findPanorama: async (ctx, { query: { q } }) => ({ found: await panoramaSearch(ctx, q) }),
}
