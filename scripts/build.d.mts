export declare const dist: string
export declare function isFresh(): boolean
export declare function build(): Promise<void>
