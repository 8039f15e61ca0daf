import { statfs } from 'node:fs/promises'

/** What a disk keeps for the living data. */
export const LEAST_FREE = 2 ** 30

/** Space for a copy, and for bringing it to life beside the living one: said before it is begun. */
export async function refuseWithoutSpace(bytes: number, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize < bytes * 1.2 + LEAST_FREE) throw new Error(`磁盘空间不足：${folder} 还剩 ${gb(bavail * bsize)}，整库备份和验证要 ${gb(bytes * 1.2 + LEAST_FREE)} · too little space for a copy and its proof`)
  }
}
const gb = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`
