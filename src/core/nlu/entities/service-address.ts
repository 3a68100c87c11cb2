import { type Candidate, RANK, type Scan } from './candidate.ts'

const PLACE =
  /[省市区县镇乡村路街道巷弄栋幢楼室厦城园苑场座层坊里湾庄]|大道|胡同|单元|小区|商场|超市|对面|旁边|隔壁|门口|附近|\d号|号楼|广场|市场|车站|学校|医院|店/
const LEAD =
  /^(?:[\s,，。:;；、-]|嗯|好的?|是的?|上门|安装|服务|新的?|我们?的?|店铺?的?|门店|店里|商铺|地址|位置|是|在|就在|位于|搬到了?|搬去了?|搬家到|换到|改到|改成|送到|来|到|请|麻烦|写|叫|了|:)*/
const TAIL =
  /(?:[\s,，。:;；、(（-]|我?的?(?:联系)?(?:电话|手机|号码|联系人|姓名)(?:号码?)?(?:是|:)?|找|叫|谢谢|麻烦了?|尽快|就这|这里|这儿|吧|哦|啊|哈)*$/
const NOT_AN_ADDRESS =
  /^(?:不|没|还没|哪里|什么|怎么|等|稍|再说|一会|暂时|原来|以前|为什么)|[吗么呢?？]$|不知道|不方便|不用/
const LONGEST = 100

/**
 * Takes the address out of an answer to the question for one: the stretch that speaks of a place, without phone,
 * name and lead-in words. Only when it was asked for. Pure.
 */
export function findServiceAddress({ text, asked }: Scan, apart: readonly Candidate[]): Candidate[] {
  if (!asked.has('service_address')) return []
  const stretches: { start: number; end: number }[] = []
  let from = 0
  for (const { start, end } of [...apart].sort((a, b) => a.start - b.start)) {
    stretches.push({ start: from, end: start })
    from = Math.max(from, end)
  }
  stretches.push({ start: from, end: text.length })
  const places = stretches
    .map((stretch) => trimmed(text, stretch))
    .filter(({ start, end }) => {
      const written = text.slice(start, end)
      return (
        written.length >= 3 &&
        written.length <= LONGEST &&
        PLACE.test(written) &&
        !NOT_AN_ADDRESS.test(written)
      )
    })
  const longest = places.sort((a, b) => b.end - b.start - (a.end - a.start))[0]
  return longest
    ? [{ kind: 'service_address', value: '', asWritten: true, rank: RANK.address, ...longest }]
    : []
}

function trimmed(
  text: string,
  { start, end }: { start: number; end: number },
): { start: number; end: number } {
  const written = text.slice(start, end)
  const lead = LEAD.exec(written)?.[0].length ?? 0
  const tail = TAIL.exec(written.slice(lead))?.[0].length ?? 0
  return { start: start + lead, end: end - tail }
}
