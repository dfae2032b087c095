# Healthy: AMQP is listened on, which is RabbitMQ's last step, and its own HTTP server answers.
# rabbitmq-diagnostics would start a second Erlang machine for every look.
exec 3<>/dev/tcp/127.0.0.1/5672
exec 4<>/dev/tcp/127.0.0.1/15672
printf 'GET / HTTP/1.0\r\n\r\n' >&4
read -r -t 4 answer <&4
[[ $answer == *' 200 '* ]]
