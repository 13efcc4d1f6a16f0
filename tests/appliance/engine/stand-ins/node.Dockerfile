FROM debian:bookworm-slim
RUN groupadd -g 1000 node && useradd -u 1000 -g node -s /bin/bash -m node
COPY node/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY host-ca.pem /usr/local/share/stand-in/host-ca.pem
RUN cd /usr/local/bin \
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js npx \
 && mkdir -p /usr/local/etc \
 && echo cafile=/usr/local/share/stand-in/host-ca.pem >/usr/local/etc/npmrc
CMD ["node"]
