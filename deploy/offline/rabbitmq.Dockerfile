# Stand-in for rabbitmq:4-management: Debian's RabbitMQ with the official image's user number, paths and plugins.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
RUN groupadd -g 999 rabbitmq && useradd -u 999 -g 999 -d /var/lib/rabbitmq -s /usr/sbin/nologin rabbitmq \
 && apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends rabbitmq-server ca-certificates \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt /var/lib/rabbitmq/.erlang.cookie /var/lib/rabbitmq/mnesia \
 && echo '[rabbitmq_management,rabbitmq_prometheus].' > /etc/rabbitmq/enabled_plugins \
 && mkdir -p /etc/rabbitmq/conf.d /var/log/rabbitmq \
 && chown -R rabbitmq:rabbitmq /etc/rabbitmq /var/lib/rabbitmq /var/log/rabbitmq
# the plain scripts before Debian's wrapper, which wants root and su
ENV HOME=/var/lib/rabbitmq RABBITMQ_LOGS=- LANG=C.UTF-8 PATH=/usr/lib/rabbitmq/bin:$PATH
USER rabbitmq
VOLUME /var/lib/rabbitmq
EXPOSE 4369 5671 5672 15672 15692 25672
CMD ["rabbitmq-server"]
