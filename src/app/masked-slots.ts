type Slots = Readonly<Record<string, string | number>>

/** Slots with the phone number masked: whole it stands only on the hand-over card at the desk. Pure. */
export function withMaskedPhone(slots: Slots): Slots {
  const phone = slots['contact_phone']
  return phone === undefined ? slots : { ...slots, contact_phone: maskPhone(String(phone)) }
}

/** 13812345678 becomes 138****5678; shorter numbers keep their last two digits only. */
function maskPhone(phone: string): string {
  return phone.length >= 11 ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : `****${phone.slice(-2)}`
}
