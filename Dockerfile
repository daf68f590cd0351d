# Another base by --build-arg NODE_IMAGE=…; any with Node >= 20.19, and npm for the build.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Without the script that builds: what it builds comes with the next line.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE /build/NOTICE.md ./
COPY --from=build /build/scenarios scenarios
COPY --from=build /build/dist dist
# By number, so that it is nobody's name that the base has to know: `node` in Node's own images.
USER 1000:1000
ENV NODE_ENV=production
EXPOSE 4086
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s CMD ["node", "-e", "require('http').get('http://127.0.0.1:4086/_sim/health', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/konghao.js"]
CMD ["serve", "--host", "0.0.0.0"]
