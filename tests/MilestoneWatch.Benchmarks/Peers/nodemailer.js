// The peer: nodemailer, pooled, composing one multipart digest of 11 kB for each recipient, as its users write it.
const nodemailer = require('nodemailer');
const [count, connections, port] = process.argv.slice(2).map(Number);
const line = 'Les Ulis 10 MW inference data center scheduled for Q3 2026.';
const text = `${line}\n`.repeat(40);
const html = `<p>${line}</p>`.repeat(120);

async function main() {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: connections,
    maxMessages: Infinity,
    ignoreTLS: true,
  });
  let next = 0;
  const began = process.hrtime.bigint();
  const feed = async () => {
    while (next < count) {
      const n = next++;
      const link = `https://watch.example/leave/${n}`;
      await transport.sendMail({
        from: '"Watch" <watch@example.com>',
        to: `reader${n}@example.org`,
        subject: `Digest ${n}`,
        text: `${text}\n${link}`,
        html: `<html><body>${html}<a href="${link}">Leave</a></body></html>`,
        headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      });
    }
  };
  await Promise.all(Array.from({ length: connections * 4 }, feed));
  console.log(Number(process.hrtime.bigint() - began) / 1e9);
  transport.close();
}

main();
