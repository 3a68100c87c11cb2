/**
 * Public test vectors of WeChat's message encryption: A from the vendor's documentation, B and C from the test suites
 * of WxJava and EasyWeChat, D made for this project with the keys of B.
 */
export const A = {
  appId: 'wxba5fad812f8e6fb9',
  token: 'AAAAA',
  encodingAesKey: 'A'.repeat(43),
  address: {
    timestamp: '1714036504',
    nonce: '1514711492',
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
  },
  plain: {
    timestamp: '1714037059',
    nonce: '486452656',
    signature: '899cf89e464efb63f54ddac96b0a0a235f53aa78',
  },
  safe: {
    timestamp: '1714112445',
    nonce: '415670741',
    signature: '6c5c811b55cc85e0e1b54100749188c20beb3f5d',
    msgSignature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
    encrypted:
      '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=',
    message:
      '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}',
  },
  reply: {
    random: '707722b803182950',
    message: '{"demo_resp":"good luck"}',
    encrypted: 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
    timestamp: '1713424427',
    nonce: '415670741',
    msgSignature: '1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1',
  },
}

export const B = {
  appId: 'wxb11529c136998cb6',
  token: 'pamtest',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  random: 'aaaabbbbccccdddd',
  chinese: {
    message: '我是中文abcd123',
    encrypted: 'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
  },
  push: {
    timestamp: '1458300676',
    nonce: '260774613',
    msgSignature: '4f3ad57b6989f09f4eb392acce4f9e93942ed890',
    encrypted:
      'rTNFcsut4LfGuAFKEUVVpwcaCOTJzOd9twZdIW910jb3k+iicx2uvhttIZ3Qg9Qgty3BEF2xbOrz6boTfb30dMomcgrkTqdFPwnhqbk+kIQ7rZiwny9D7NUrTgA5kpX3KsZvrXzUZyP2x9YOlxbgm572lmxKvM7HAQQhIQ/p6HBmoY30bGXFK0BtIu1pW9TjhOYrLQoU18nWYjWqDA1ynkmOytpv7QRI1P1+0NoxL0q2zO1DgeSvnE8CZGo/o5Ap/WHK5W2RAsinpzN4/LjPnmB6U01I5XCoJoC0GK/yMZycd2Oh8Nq6+wBkC1U85oy0ktOY4nLvsQMLrourmMGdZHuTbqpeJ8Ao/5PRYJ+WBvRUwPfGKBL2+2IKZF49vAJqkcGWSHGE76ZN2erXeuNazf/o9o3lIE3q739o4c8t9QGPe31GT2Go/rOz1BsrASwvauNulCh+++yz+CQzBIuikA==',
  },
  /** Pads a whole block of 32: what Node's own padding fails on. */
  wholeBlock: {
    message: 'x'.repeat(26),
    encrypted:
      'jn1L23DB+6ELqJ+6bruv2whn1fDIMpmLPYOiQU5ZlCf5ISusdxHOJKY4l/VvGZXv1gdIWBk2mReXBoyRsZWbYWp3WTghbH/zS/0xHsPUs416Ez/Wti2iAH72px6IwxBl',
  },
}

/** WeCom: same encryption, where the company's id stands for the account's. */
export const C = {
  appId: 'wx5823bf96d3bd56c7',
  token: 'QDG6eK',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  address: {
    timestamp: '1409659589',
    nonce: '263014780',
    msgSignature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    encrypted: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
    message: '1616140317555161061',
  },
  push: {
    timestamp: '1409659813',
    nonce: '1372623149',
    msgSignature: '477715d11cdb4164915debcba66cb864d751f3e6',
    encrypted:
      'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
  },
}

/** A text message to an official account, with the keys of B. */
export const D = {
  random: '0123456789abcdef',
  timestamp: '1700000000',
  nonce: '987654321',
  signature: 'bcec95acc91aea2b18b111f2ec73b585d9e8fac5',
  msgSignature: 'fd33480151d965a91d2b44d7253ebad92b144cf0',
  message:
    '<xml><ToUserName><![CDATA[gh_pos_helpdesk]]></ToUserName><FromUserName><![CDATA[oMerchant0001]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[打印机不出票 & <b>怎么办</b>?]]></Content><MsgId>24012345678901234</MsgId></xml>',
  encrypted:
    'Q3stYC6hdFzMh9T8HCvyDCG16uKlTkwxZUI5rnuNk0NF6B7iNVFVivGAYLoD2+BRMPqOdgLug9bVIz6ChrfRg0sd2vd0zD5G5dAgBjemJvPnk3oF19D/aS6TrGK4mIjICctLk4l+fJOCpIJuLcymnf+ft5Ey9kj5f1opkxe9LTgx+JiOOVAQRvbS5FKPA2yP0Kzi+S14K9dvnomD957zuQNC4WMsdqB/xoIT5Lums6S7dF4CBFtTvzfH30h6gYEXRqbdeWtiWiIbBlNtDc1HhgA0JW5Ufz62JQBt0IZJ8Zma/3s0mvavmVoSrxTfGv3TI8KNrvL6A2LcNnSvFaLT1oV8jWWRt4dii9Fqzcdt9GhTaY7gvo1m4fVGYjBaHfO+3KNyeSy72Fto/P+/ZdZpTIziALk3Vp8Cg/CFzKQhv64SDsWYSUEbSNhIyyp1SZNBu5wj4xRoydUa5O7B2Cl8Kw==',
}
