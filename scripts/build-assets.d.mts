/** Builds the merchant's pages into `outDir`: two pages, their styles, the panel and the loader. */
export declare function buildAssets(outDir: string): Promise<void>
