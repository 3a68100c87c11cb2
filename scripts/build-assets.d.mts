/** Builds the browser's files into `outDir`: the merchant's two pages with panel and loader, and the staff console. */
export declare function buildAssets(outDir: string): Promise<void>
